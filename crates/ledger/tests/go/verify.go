// Verifies a log that lies in a folder, with nothing but Go's own packages: golang.org/x/mod/sumdb/note and …/tlog.
//
//	go run verify.go FOLDER
//
// The folder has the files of c2sp.org/tlog-tiles, and beside them key, the log's verifier key. There may be witness (the key of one that has
// cosigned), inclusion/N (a proof, one hash a line) and consistency/N (from the tree of N leaves), roots/N (the root of that tree).
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go does not agree:", err)
		os.Exit(1)
	}
}

func require(ok bool, format string, args ...interface{}) {
	if !ok {
		must(fmt.Errorf(format, args...))
	}
}

// tiles reads tiles from the folder. Go's own paths begin with the tile's height, which the specification leaves out.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		bytes, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func hashes(path string) []tlog.Hash {
	text, err := os.ReadFile(path)
	must(err)
	var all []tlog.Hash
	for _, line := range strings.Fields(string(text)) {
		hash, err := tlog.ParseHash(line)
		must(err)
		all = append(all, hash)
	}
	return all
}

// each calls with every numbered file of a folder.
func each(folder string, call func(number int64, path string)) int {
	files, err := os.ReadDir(folder)
	if os.IsNotExist(err) {
		return 0
	}
	must(err)
	for _, file := range files {
		number, err := strconv.ParseInt(file.Name(), 10, 64)
		must(err)
		call(number, filepath.Join(folder, file.Name()))
	}
	return len(files)
}

// witness verifies cosignatures as c2sp.org/tlog-cosignature writes them down; Go's own package knows the first type alone.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(w.key, []byte(message), signature[8:])
}

func readWitness(folder string) note.Verifier {
	text, err := os.ReadFile(filepath.Join(folder, "witness"))
	must(err)
	parts := strings.SplitN(strings.TrimSpace(string(text)), "+", 3)
	require(len(parts) == 3, "a verifier key of three parts")
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	require(len(key) == 1+ed25519.PublicKeySize && key[0] == 4, "a key of cosignatures")
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	require(parts[1] == fmt.Sprintf("%x", digest[:4]), "the id of the key")
	return witness{parts[0], binary.BigEndian.Uint32(digest[:4]), ed25519.PublicKey(key[1:])}
}

// tree is what a checkpoint says, once its signatures hold.
func tree(folder string) tlog.Tree {
	key, err := os.ReadFile(filepath.Join(folder, "key"))
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err)
	signers := []note.Verifier{verifier}
	if _, err := os.Stat(filepath.Join(folder, "witness")); err == nil {
		signers = append(signers, readWitness(folder))
	}
	opened, err := note.Open(signed, note.VerifierList(signers...))
	must(err)
	require(len(opened.Sigs) == len(signers) && len(opened.UnverifiedSigs) == 0, "a signature of the log and of each witness")
	lines := strings.Split(opened.Text, "\n")
	require(len(lines) == 4 && lines[0] == verifier.Name(), "origin, size, root: %q", lines)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var hash tlog.Hash
	require(copy(hash[:], root) == tlog.HashSize, "a root of 32 bytes")
	return tlog.Tree{N: size, Hash: hash}
}

// entries hashes every entry of every bundle.
func entries(folder string, size int64) []tlog.Hash {
	var leaves []tlog.Hash
	for start := int64(0); start < size; start += 256 {
		width := size - start
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: -1, N: start / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		must(err)
		for len(bundle) > 0 {
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			leaves = append(leaves, tlog.RecordHash(bundle[2:length]))
			bundle = bundle[length:]
		}
	}
	require(int64(len(leaves)) == size, "%d entries, and %d leaves", len(leaves), size)
	return leaves
}

func main() {
	folder := os.Args[1]
	tree := tree(folder)
	leaves := entries(folder, tree.N)

	// Reads every tile, and refuses one that does not lead to the root.
	reader := tlog.TileHashReader(tree, tiles{folder})
	for at, leaf := range leaves {
		if at%97 != 0 && at < len(leaves)-300 {
			continue
		}
		read, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(at))})
		must(err)
		require(read[0] == leaf, "leaf %d of the tile is not its entry", at)
	}

	inclusions := each(filepath.Join(folder, "inclusion"), func(index int64, path string) {
		proof := tlog.RecordProof(hashes(path))
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaves[index]))
		own, err := tlog.ProveRecord(tree.N, index, reader)
		must(err)
		require(len(own) == len(proof) && (len(own) == 0 || reflect.DeepEqual(own, proof)), "inclusion of %d", index)
	})
	consistencies := each(filepath.Join(folder, "consistency"), func(size int64, path string) {
		proof := tlog.TreeProof(hashes(path))
		root := hashes(filepath.Join(folder, "roots", strconv.FormatInt(size, 10)))[0]
		must(tlog.CheckTree(proof, tree.N, tree.Hash, size, root))
		own, err := tlog.ProveTree(tree.N, size, reader)
		must(err)
		require(len(own) == len(proof) && (len(own) == 0 || reflect.DeepEqual(own, proof)), "consistency from %d", size)
	})
	fmt.Printf("%d leaves, %d inclusion proofs, %d consistency proofs\n", tree.N, inclusions, consistencies)
}
