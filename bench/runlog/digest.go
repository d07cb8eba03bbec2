package runlog

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// CellDigest is the SHA-256 over result.json and queries.jsonl, each preceded by its length as 8
// bytes, little endian.
func CellDigest(result, queries []byte) string {
	h := sha256.New()
	for _, b := range [][]byte{result, queries} {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Digest is the cell digest that a result and its audit log have on disk.
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

// RunDigest is the SHA-256 over a line "id digest" for each done cell, in the order of their ids:
// the same for the same results, whatever the order or the machine that they came from.
func RunDigest(cells map[string]string) string {
	h := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(cells)) {
		fmt.Fprintf(h, "%s %s\n", id, cells[id])
	}
	return hex.EncodeToString(h.Sum(nil))
}

func FileDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
