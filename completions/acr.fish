complete --keep-order --exclusive --command acr --arguments "(COMPLETE=fish acr -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
