;;! stage = ssa
(module
  (table $t 2 externref)
  (func $f (param i32 externref) (result i32)
    (table.set $t (local.get 0) (table.get $t (i32.const 1)))
    (drop (table.grow $t (local.get 1) (i32.const 3)))
    (table.fill $t (i32.const 0) (ref.null extern) (i32.const 2))
    (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 1))
    (ref.is_null (local.get 1))
    (i32.add (table.size $t))))
;; function 0 "f" (i32, ref) -> (i32) {
;; block0(v0: i32, v1: ref):
;;   v2 = iconst.i32 1
;;   v3 = uextend v2
;;   v4 = ctx_load.i64 int64, offset 56, region table_definition 0
;;   v5 = icmp.i64 uge v3, v4
;;   trap_if table_out_of_bounds v5
;;   v6 = spectre_guard.i64 v3, v4
;;   v7 = iconst.i64 3
;;   v8 = shl.i64 v6, v7
;;   v9 = ctx_load.i64 int64, offset 48, region table_definition 0
;;   v10 = iadd.i64 v9, v8
;;   v11 = raw_load.ref v10, int64, offset 0, region table 0
;;   v12 = uextend v0
;;   v13 = ctx_load.i64 int64, offset 56, region table_definition 0
;;   v14 = icmp.i64 uge v12, v13
;;   trap_if table_out_of_bounds v14
;;   v15 = spectre_guard.i64 v12, v13
;;   v16 = iconst.i64 3
;;   v17 = shl.i64 v15, v16
;;   v18 = ctx_load.i64 int64, offset 48, region table_definition 0
;;   v19 = iadd.i64 v18, v17
;;   raw_store.ref v19, v11, int64, offset 0, region table 0
;;   v20 = iconst.i32 3
;;   v21 = uextend v20
;;   v22 = ref_address v1
;;   v23 = iconst.i32 0
;;   v24 = call_builtin table_grow (i32, i64, i64) -> (i64) v23, v22, v21
;;   v25 = wrap v24
;;   v26 = iconst.i32 0
;;   v27 = iconst.ref 0
;;   v28 = iconst.i32 2
;;   v29 = uextend v28
;;   v30 = ref_address v27
;;   v31 = uextend v26
;;   v32 = iconst.i32 0
;;   call_builtin table_fill (i32, i64, i64, i64) -> () v32, v31, v30, v29
;;   v33 = iconst.i32 0
;;   v34 = iconst.i32 1
;;   v35 = iconst.i32 1
;;   v36 = uextend v35
;;   v37 = uextend v34
;;   v38 = uextend v33
;;   v39 = iconst.i32 0
;;   v40 = iconst.i32 0
;;   call_builtin table_copy (i32, i32, i64, i64, i64) -> () v39, v40, v38, v37, v36
;;   v41 = iconst.ref 0
;;   v42 = icmp.ref eq v1, v41
;;   v43 = ctx_load.i64 int64, offset 56, region table_definition 0
;;   v44 = wrap v43
;;   v45 = iadd.i32 v42, v44
;;   return v45
;; }
