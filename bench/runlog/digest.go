package runlog

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// CellDigest is the SHA-256, in hex, of result.json and queries.jsonl, each preceded by its length
// as 8 bytes, little endian.
func CellDigest(result, queries []byte) string {
	h := sha256.New()
	for _, b := range [][]byte{result, queries} {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Digest returns CellDigest of a result and its audit log as encoded on disk.
func Digest(r Result, queries []Audit) (string, error) {
	result, err := Encode(r)
	if err != nil {
		return "", err
	}
	log, err := EncodeLog(queries)
	if err != nil {
		return "", err
	}
	return CellDigest(result, log), nil
}

// RunDigest is the SHA-256, in hex, over a line "id digest" for each done cell, sorted by id: the
// same for the same results, whatever their order or machine. cells maps ids to digests.
func RunDigest(cells map[string]string) string {
	h := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(cells)) {
		fmt.Fprintf(h, "%s %s\n", id, cells[id])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// FileDigest is the SHA-256 of data, in hex.
func FileDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
