module github.com/uaibench/uaibench
go 1.26
