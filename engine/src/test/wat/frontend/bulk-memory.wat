;;! stage = ssa
;; Ranges are checked as a whole before anything is touched.
(module
  (memory 1)
  (data $d "abc")
  (func $f (param $to i32) (param $from i32) (param $n i32)
    (memory.copy (local.get $to) (local.get $from) (local.get $n))
    (memory.fill (local.get $to) (i32.const 7) (local.get $n))
    (memory.init $d (local.get $to) (local.get $from) (local.get $n))
    (data.drop $d)
    (drop (memory.grow (memory.size)))))
;; function 0 "f" (i32, i32, i32) -> () {
;; block0(v0: i32, v1: i32, v2: i32):
;;   v3 = uextend v2
;;   v4 = uextend v0
;;   v5 = uextend v1
;;   v6 = ctx_load.i64 int64, offset 64, region memory_definition 0
;;   v7 = iadd.i64 v4, v3
;;   v8 = icmp.i64 ugt v7, v6
;;   trap_if memory_out_of_bounds v8
;;   v9 = ctx_load.i64 int64, offset 64, region memory_definition 0
;;   v10 = iadd.i64 v5, v3
;;   v11 = icmp.i64 ugt v10, v9
;;   trap_if memory_out_of_bounds v11
;;   v12 = ctx_load.i64 int64, offset 40, region instance 0
;;   v13 = iadd.i64 v12, v4
;;   v14 = ctx_load.i64 int64, offset 40, region instance 0
;;   v15 = iadd.i64 v14, v5
;;   call_builtin memory_copy (i64, i64, i64) -> () v13, v15, v3
;;   v16 = iconst.i32 7
;;   v17 = uextend v2
;;   v18 = uextend v0
;;   v19 = ctx_load.i64 int64, offset 64, region memory_definition 0
;;   v20 = iadd.i64 v18, v17
;;   v21 = icmp.i64 ugt v20, v19
;;   trap_if memory_out_of_bounds v21
;;   v22 = ctx_load.i64 int64, offset 40, region instance 0
;;   v23 = iadd.i64 v22, v18
;;   call_builtin memory_fill (i64, i32, i64) -> () v23, v16, v17
;;   v24 = uextend v2
;;   v25 = uextend v1
;;   v26 = uextend v0
;;   v27 = iconst.i32 0
;;   v28 = iconst.i32 0
;;   call_builtin memory_init (i32, i32, i64, i64, i64) -> () v27, v28, v26, v25, v24
;;   v29 = iconst.i32 0
;;   call_builtin data_drop (i32) -> () v29
;;   v30 = ctx_load.i64 int64, offset 64, region memory_definition 0
;;   v31 = iconst.i64 16
;;   v32 = ushr.i64 v30, v31
;;   v33 = wrap v32
;;   v34 = uextend v33
;;   v35 = iconst.i32 0
;;   v36 = call_builtin memory_grow (i32, i64) -> (i64) v35, v34
;;   v37 = wrap v36
;;   return
;; }
