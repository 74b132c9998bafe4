//go:build unix

package goredis

import (
	"context"
	"maps"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// listener is a hook that notes each command, and answers it with nothing.
type listener struct{ heard [][]any }

func (l *listener) DialHook(redis.DialHook) redis.DialHook {
	return func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
}

func (l *listener) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(_ context.Context, cmd redis.Cmder) error {
		l.heard = append(l.heard, cmd.Args())
		return nil
	}
}

func (l *listener) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return nil }
}

// sample is a value of a type that a command can be made of.
func sample(typ reflect.Type) reflect.Value {
	switch typ {
	case reflect.TypeFor[time.Duration]():
		return reflect.ValueOf(time.Minute)
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Now())
	case reflect.TypeFor[redis.Vector]():
		return reflect.ValueOf(&redis.VectorValues{Val: []float64{1}})
	}
	value := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.String:
		value.SetString("1")
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int8, reflect.Int16:
		value.SetInt(1)
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint8, reflect.Uint16:
		value.SetUint(1)
	case reflect.Float64:
		value.SetFloat(1)
	case reflect.Slice:
		value = reflect.Append(value, sample(typ.Elem()), sample(typ.Elem()))
	case reflect.Pointer:
		value.Set(reflect.New(typ.Elem()))
		if typ.Elem().Kind() == reflect.Struct {
			value.Elem().Set(sample(typ.Elem()))
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			if f := typ.Field(i); f.IsExported() && f.Type.Kind() != reflect.Func && f.Type != typ && f.Type.Kind() != reflect.Pointer {
				value.Field(i).Set(sample(f.Type))
			}
		}
	case reflect.Interface:
		if typ.NumMethod() == 0 {
			value.Set(reflect.ValueOf("1"))
		}
	}
	return value
}

// spoken are the commands that the methods of go-redis send, and the methods that sent none.
func spoken(t *testing.T) (commands map[string][]any, silent []string) {
	var l listener
	client := redis.NewClient(&redis.Options{Addr: "nowhere"})
	defer client.Close()
	client.AddHook(&l)
	commands = map[string][]any{}
	for method := range reflect.TypeFor[redis.Cmdable]().Methods() {
		l.heard = nil
		call(t.Context(), reflect.ValueOf(client).MethodByName(method.Name))
		if len(l.heard) == 0 {
			silent = append(silent, method.Name)
		}
		for _, args := range l.heard {
			name, _ := text(args[0])
			commands[strings.ToUpper(name)+" "+method.Name] = args
		}
	}
	return commands, silent
}

// call calls a method with samples. Some panic: their arguments are not what they expect.
func call(ctx context.Context, method reflect.Value) {
	defer func() { recover() }()
	var in []reflect.Value
	for i := range method.Type().NumIn() {
		typ := method.Type().In(i)
		switch {
		case typ == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(ctx))
		case method.Type().IsVariadic() && i == method.Type().NumIn()-1:
			in = append(in, sample(typ.Elem()), sample(typ.Elem()))
		default:
			in = append(in, sample(typ))
		}
	}
	method.Call(in)
}

// harmless are the commands of go-redis that the server of the tests does not know, and that destroy nothing.
var harmless = expand(map[string]bool{
	`CLIENT MAINT_NOTIFICATIONS, CLUSTER MYSHARDID, COMMAND, DIGEST, HEXPIRETIME, HIMPORT DISCARD, HIMPORT DISCARDALL,
	HIMPORT PREPARE, HIMPORT SET, HPERSIST, HPEXPIRETIME, HPTTL, HTTL, SDIFFCARD, SUNIONCARD, XCFGSET, XNACK,
	HOTKEYS GET, HOTKEYS START, HOTKEYS STOP, WAITAOF,
	ARCOUNT, ARGET, ARGETRANGE, ARGREP, ARINFO, ARINSERT, ARLASTITEMS, ARLEN, ARMGET, ARMSET, ARNEXT, AROP, ARSCAN, ARSEEK, ARSET,
	VADD, VCARD, VDIM, VEMB, VGETATTR, VINFO, VISMEMBER, VLINKS, VRANDMEMBER, VRANGE, VSETATTR, VSIM`: true,
	`BF.ADD, BF.CARD, BF.EXISTS, BF.INFO, BF.INSERT, BF.MADD, BF.MEXISTS, BF.RESERVE, BF.SCANDUMP,
	CF.ADD, CF.ADDNX, CF.COUNT, CF.EXISTS, CF.INFO, CF.INSERT, CF.INSERTNX, CF.MEXISTS, CF.RESERVE, CF.SCANDUMP,
	CMS.INCRBY, CMS.INFO, CMS.INITBYDIM, CMS.INITBYPROB, CMS.QUERY,
	FT._LIST, FT.AGGREGATE, FT.ALIASADD, FT.ALIASLIST, FT.ALTER, FT.CREATE, FT.CURSOR, FT.DICTADD, FT.DICTDUMP, FT.EXPLAIN, FT.HYBRID,
	FT.INFO, FT.SEARCH, FT.SPELLCHECK, FT.SYNDUMP, FT.SYNUPDATE, FT.TAGVALS,
	JSON.ARRAPPEND, JSON.ARRINDEX, JSON.ARRINSERT, JSON.ARRLEN, JSON.GET, JSON.MGET, JSON.NUMINCRBY, JSON.OBJKEYS, JSON.OBJLEN,
	JSON.STRAPPEND, JSON.STRLEN, JSON.TOGGLE, JSON.TYPE,
	TDIGEST.ADD, TDIGEST.BYRANK, TDIGEST.BYREVRANK, TDIGEST.CDF, TDIGEST.CREATE, TDIGEST.INFO, TDIGEST.MAX, TDIGEST.MIN,
	TDIGEST.QUANTILE, TDIGEST.RANK, TDIGEST.REVRANK, TDIGEST.TRIMMED_MEAN,
	TOPK.ADD, TOPK.COUNT, TOPK.INCRBY, TOPK.INFO, TOPK.LIST, TOPK.QUERY, TOPK.RESERVE,
	TS.ADD, TS.CREATE, TS.CREATERULE, TS.DECRBY, TS.GET, TS.INCRBY, TS.INFO, TS.MADD, TS.MGET, TS.MRANGE, TS.MREVRANGE, TS.NRANGE,
	TS.NREVRANGE, TS.QUERYINDEX, TS.QUERYLABELS, TS.RANGE, TS.READ, TS.REVRANGE`: true,
})

// unasked are the methods that send nothing by themselves, or that want arguments of a certain form. The commands of these
// are in the table, or among the harmless, all the same.
var unasked = strings.Fields(`BitCount ClientTrackingOn FTAggregateWithArgs FTCreate FTHybrid FTHybridWithArgs GeoRadius
	GeoRadiusByMember JSONDebugMemory JSONSetMode JSONSetWithArgs MemoryUsage Pipeline Pipelined Quit TSMRangeWithArgs
	TSMRevRangeWithArgs TSRangeWithArgs TSRevRangeWithArgs TxPipeline TxPipelined ZPopMax ZPopMin`)

func TestEveryCommandOfTheClientIsJudged(t *testing.T) {
	known := maps.Clone(harmless)
	for _, l := range leaves(t, startRedis(t)) {
		known[l.name] = true
	}
	for _, row := range Commands() {
		known[row.Name] = true
	}
	commands, silent := spoken(t)
	for call, args := range commands {
		name, method, _ := strings.Cut(call, " ")
		sub := ""
		if len(args) > 1 {
			sub, _ = text(args[1])
		}
		if !known[name] && !known[name+" "+strings.ToUpper(sub)] {
			t.Errorf("%s sends %q: put it into the table, or among the harmless", method, args)
		}
	}
	slices.Sort(silent)
	if !slices.Equal(silent, unasked) {
		t.Errorf("no command was heard from %q, want %q", silent, unasked)
	}
	if len(commands) < 580 {
		t.Errorf("only %d commands were heard", len(commands))
	}
}
