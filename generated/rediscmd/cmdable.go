package rediscmd

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//go:generate go run ../../cmd/guardgen

// Cmdable is redis.Cmdable, with what it destroys: a value of the one type can be used as the other.
//
//guard:dependency name=redis key=key,key:keys,key:Key,key:stream,key:source,key:destination,key:sourceKey,key:destKey,key:newkey,key:dest,key:dst classify=classify wrapper=guardedCmdable
type Cmdable interface {
	// First stands what is done to the server, all of its keys, or how it runs: seldom, and no more than 10 times a minute.
	// Then what removes keys, or a part of what they hold, which is everyday work and has no budget. Then what does so
	// with some arguments only.
	//
	//guard:destructive FlushAll FlushAllAsync FlushDB FlushDBAsync key=none budget=10/1m
	//guard:destructive Shutdown ShutdownSave ShutdownNoSave Save BgSave BgRewriteAOF key=none budget=10/1m
	//guard:destructive Migrate Restore RestoreReplace DebugObject budget=10/1m
	//guard:destructive SlaveOf ReplicaOf ConfigSet ConfigRewrite ConfigResetStat FTConfigSet ModuleLoadex key=none budget=10/1m
	//guard:destructive ACLSetUser ACLDelUser key=user:username budget=10/1m
	//guard:destructive ACLLogReset SlowLogReset LatencyReset key=none budget=10/1m
	//guard:destructive ClientPause ClientUnpause key=none budget=10/1m
	//guard:destructive ClientKill key=client:ipPort budget=10/1m
	//guard:destructive ClientKillByFilter key=client:keys budget=10/1m
	//guard:destructive ClientUnblock ClientUnblockWithError key=client:id budget=10/1m
	//guard:destructive ClusterAddSlots ClusterAddSlotsRange ClusterDelSlots ClusterDelSlotsRange key=none budget=10/1m
	//guard:destructive ClusterFailover ClusterMeet ClusterSaveConfig ClusterResetHard ClusterResetSoft key=none budget=10/1m
	//guard:destructive ClusterForget ClusterReplicate key=node:nodeID budget=10/1m
	//guard:destructive ScriptFlush ScriptKill FunctionFlush FunctionFlushAsync FunctionKill FunctionRestore key=none budget=10/1m
	//guard:destructive FunctionDelete key=function:libName budget=10/1m
	//
	//guard:destructive Del Unlink DelExArgs Move budget=none
	//guard:destructive HDel SRem LRem LTrim budget=none
	//guard:destructive ZRem ZRemRangeByLex ZRemRangeByRank ZRemRangeByScore budget=none
	//guard:destructive XDel XDelEx XAckDel XGroupDestroy XGroupDelConsumer XGroupSetID budget=none
	//guard:destructive XTrimMaxLen XTrimMaxLenApprox XTrimMaxLenMode XTrimMaxLenApproxMode budget=none
	//guard:destructive XTrimMinID XTrimMinIDApprox XTrimMinIDMode XTrimMinIDApproxMode budget=none
	//guard:destructive ARDel ARDelRange CFDel TSDel TSDeleteRule TDigestReset VRem budget=none
	//guard:destructive JSONDel JSONForget JSONClear JSONArrTrim JSONArrTrimWithArgs budget=none
	//guard:destructive FTDropIndex FTDropIndexWithArgs key=index:index budget=none
	//guard:destructive FTAliasDel key=alias:alias budget=none
	//guard:destructive FTDictDel key=dictionary:dict budget=none
	//
	//guard:destructive Expire ExpireNX ExpireXX ExpireGT ExpireLT PExpire when=expires budget=none
	//guard:destructive ExpireAt PExpireAt when=expiresAt budget=none
	//guard:destructive HExpire HPExpire when=expiresFields budget=none
	//guard:destructive HExpireWithArgs HPExpireWithArgs when=expiresFieldsWithArgs budget=none
	//guard:destructive HExpireAt HPExpireAt when=expiresFieldsAt budget=none
	//guard:destructive HExpireAtWithArgs HPExpireAtWithArgs when=expiresFieldsAtWithArgs budget=none
	//guard:destructive HGetEXWithArgs when=expiresRead budget=none
	//guard:destructive HSetEXWithArgs when=expiresWritten budget=none
	//guard:destructive SetArgs when=expiresSet budget=none
	//guard:destructive MSetEX when=expiresAll budget=none key=none
	//guard:destructive IncrEXInt when=expiresInt budget=none
	//guard:destructive IncrEXFloat when=expiresFloat budget=none
	//
	//guard:heavy Keys
	//guard:call BLPop BRPop BLMPop BLMove BLMoveM BRPopLPush BZPopMax BZPopMin BZMPop timeout=none
	//guard:call XRead XReadGroup XReadStreams TSReadWithArgs timeout=none
	//guard:call SortStore GeoSearchStore key=key,key:store
	//guard:call XAdd XAutoClaim XAutoClaimJustID XAutoClaimWithDeleted XClaim XClaimJustID XNack XPendingExt XCfgSet key=key:a.Stream
	//guard:call ZInterStore key=key:destination,key:store.Keys
	//guard:call ZUnionStore key=key:dest,key:store.Keys
	//guard:call ZInter ZInterWithScores ZUnion ZUnionWithScores key=key:store.Keys
	//guard:call ZRangeArgs ZRangeArgsWithScores key=key:z.Key
	//guard:call ZRangeStore key=key:dst,key:z.Key
	//guard:call LCS key=key:q.Key1,key:q.Key2
	//guard:call CMSMerge key=key:destKey,key:sourceKeys
	//guard:call FTSearch FTSearchWithArgs FTAggregate FTAggregateWithArgs FTHybrid FTHybridWithArgs key=index:index
	//guard:call FTCreate FTAlter FTInfo FTAliasAdd FTAliasList FTAliasUpdate FTCursorRead FTCursorDel key=index:index
	//guard:call FTExplain FTExplainWithArgs FTSpellCheck FTSpellCheckWithArgs FTTagVals key=index:index
	//guard:call FTSynDump FTSynUpdate FTSynUpdateWithArgs key=index:index
	//guard:call FTDictAdd FTDictDump key=dictionary:dict
	//guard:safe Pipelined TxPipelined
	//guard:skip Pipeline TxPipeline
	redis.Cmdable

	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd
}
