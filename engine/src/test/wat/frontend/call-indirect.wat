;;! stage = ssa
(module
  (type $t (func (param i32) (result i32)))
  (import "m" "f" (func $imported (type $t)))
  (table 4 funcref)
  (func $f (param i32) (result i32)
    (call_indirect (type $t) (call $imported (local.get 0)) (local.get 0))))
;; function 1 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = ctx_load.i64 int64, offset 72, region instance 0
;;   v2 = ctx_load.i64 int64, offset 80, region instance 0
;;   v3 = call_indirect (i32) -> (i32) v1, v2, v0
;;   v4 = uextend v0
;;   v5 = ctx_load.i64 int64, offset 56, region table_definition 0
;;   v6 = icmp.i64 uge v4, v5
;;   trap_if undefined_element v6
;;   v7 = spectre_guard.i64 v4, v5
;;   v8 = iconst.i64 3
;;   v9 = shl.i64 v7, v8
;;   v10 = ctx_load.i64 int64, offset 48, region table_definition 0
;;   v11 = iadd.i64 v10, v9
;;   v12 = raw_load.i64 v11, int64, offset 0, region table 0
;;   v13 = iconst.i64 0
;;   v14 = icmp.i64 eq v12, v13
;;   trap_if uninitialized_element v14
;;   v15 = raw_load.i32 v12, int32_u, offset 16, region instance 0
;;   v16 = ctx_load.i32 int32_u, offset 64, region instance 0
;;   v17 = icmp.i32 ne v15, v16
;;   trap_if indirect_call_type_mismatch v17
;;   v18 = raw_load.i64 v12, int64, offset 0, region instance 0
;;   v19 = raw_load.i64 v12, int64, offset 8, region instance 0
;;   v20 = call_indirect (i32) -> (i32) v18, v19, v3
;;   return v20
;; }
