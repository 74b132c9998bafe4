package random

// Features are the shapes that a draw may use beside those that every draw may.
type Features struct {
	InPlace     bool // constraints written in place
	Defined     bool // aliases of interfaces, and types defined by others
	Structs     bool // annotated structs
	Carriers    bool // several results that carry an error each
	Redefined   bool // packages that redefine the words of Go which a wrapper uses
	Iterators   bool // a result iter.Seq2[T, error] makes a method guarded
	CustomError bool // an interface that stands for error is one
}

// Everything is all of them.
var Everything = Features{
	InPlace: true, Defined: true, Structs: true, Carriers: true, Redefined: true, Iterators: true, CustomError: true,
}
