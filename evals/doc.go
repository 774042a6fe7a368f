// Package evals measures the product on question sets: the project's own and
// external ones named by path. It owns no data; nothing it reads enters the
// product.
package evals
