// Oras drives a registry with oras-go: one verb per run.
//
//	oras login HOST USER                 with the password on stdin
//	oras push LAYOUT NAME                prints the digest of the manifest
//	oras tags REPOSITORY                 prints the tags
//	oras pull NAME LAYOUT                prints the digest of the manifest
//	oras attach NAME TYPE                prints the digest of an artifact that refers to the manifest
//	oras referrers NAME                  prints the digests of all that refer to it
//	oras delete NAME                     deletes the manifest
//
// Credentials are kept in the file that CREDENTIALS names; PLAIN_HTTP=1 does without TLS.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/retry"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words []string) error {
	if len(words) == 0 {
		return errors.New("which verb?")
	}
	verbs := map[string]func(context.Context, []string) error{
		"login": login, "push": push, "tags": tags, "pull": pull,
		"attach": attach, "referrers": referrers, "delete": remove,
	}
	verb, known := verbs[words[0]]
	if !known {
		return fmt.Errorf("no such verb: %s", words[0])
	}
	return verb(ctx, words[1:])
}

func isPlain() bool {
	return os.Getenv("PLAIN_HTTP") == "1"
}

func store() (credentials.Store, error) {
	return credentials.NewFileStore(os.Getenv("CREDENTIALS"))
}

func repository(name string) (*remote.Repository, error) {
	found, err := remote.NewRepository(name)
	if err != nil {
		return nil, err
	}
	kept, err := store()
	if err != nil {
		return nil, err
	}
	found.PlainHTTP = isPlain()
	found.Client = &auth.Client{
		Client:     retry.DefaultClient,
		Cache:      auth.NewCache(),
		Credential: credentials.Credential(kept),
	}
	return found, nil
}

func login(ctx context.Context, words []string) error {
	password, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	host, err := remote.NewRegistry(words[0])
	if err != nil {
		return err
	}
	kept, err := store()
	if err != nil {
		return err
	}
	host.PlainHTTP = isPlain()
	credential := auth.Credential{Username: words[1], Password: strings.TrimSpace(string(password))}
	return credentials.Login(ctx, kept, host, credential)
}

func push(ctx context.Context, words []string) error {
	layout, err := oci.New(words[0])
	if err != nil {
		return err
	}
	target, err := repository(words[1])
	if err != nil {
		return err
	}
	tag := target.Reference.Reference
	return report(oras.Copy(ctx, layout, tag, target, tag, oras.DefaultCopyOptions))
}

func tags(ctx context.Context, words []string) error {
	source, err := repository(words[0])
	if err != nil {
		return err
	}
	return source.Tags(ctx, "", func(page []string) error {
		for _, tag := range page {
			fmt.Println(tag)
		}
		return nil
	})
}

func pull(ctx context.Context, words []string) error {
	source, err := repository(words[0])
	if err != nil {
		return err
	}
	layout, err := oci.New(words[1])
	if err != nil {
		return err
	}
	tag := source.Reference.Reference
	return report(oras.Copy(ctx, source, tag, layout, tag, oras.DefaultCopyOptions))
}

func attach(ctx context.Context, words []string) error {
	target, err := repository(words[0])
	if err != nil {
		return err
	}
	subject, err := target.Resolve(ctx, target.Reference.Reference)
	if err != nil {
		return err
	}
	options := oras.PackManifestOptions{Subject: &subject}
	return report(oras.PackManifest(ctx, target, oras.PackManifestVersion1_1, words[1], options))
}

func referrers(ctx context.Context, words []string) error {
	source, err := repository(words[0])
	if err != nil {
		return err
	}
	subject, err := source.Resolve(ctx, source.Reference.Reference)
	if err != nil {
		return err
	}
	return source.Referrers(ctx, subject, "", func(page []ocispec.Descriptor) error {
		for _, referrer := range page {
			fmt.Println(referrer.Digest)
		}
		return nil
	})
}

func remove(ctx context.Context, words []string) error {
	target, err := repository(words[0])
	if err != nil {
		return err
	}
	manifest, err := target.Resolve(ctx, target.Reference.Reference)
	if err != nil {
		return err
	}
	return target.Delete(ctx, manifest)
}

func report(manifest ocispec.Descriptor, err error) error {
	if err == nil {
		fmt.Println(manifest.Digest)
	}
	return err
}
