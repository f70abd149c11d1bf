;;! stage = opt
;; Checks and type ids of repeated indirect calls are shared as far as calls allow.
(module
  (type $t (func (result i32)))
  (table 8 8 funcref)
  (func $f (param i32) (result i32)
    (i32.add
      (call_indirect (type $t) (local.get 0))
      (call_indirect (type $t) (local.get 0)))))
;; function 0 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = uextend v0
;;   v2 = iconst.i64 8
;;   v36 = iconst.i32 8
;;   v3 = icmp.i32 uge v0, v36
;;   trap_if undefined_element v3
;;   v4 = spectre_guard.i64 v1, v2
;;   v5 = iconst.i64 3
;;   v6 = shl.i64 v4, v5
;;   v7 = ctx_load.i64 int64, offset 48, region instance 0
;;   v8 = iadd.i64 v7, v6
;;   v9 = raw_load.i64 v8, int64, offset 0, region table 0
;;   v10 = iconst.i64 0
;;   v11 = icmp.i64 eq v9, v10
;;   trap_if uninitialized_element v11
;;   v12 = raw_load.i32 v9, int32_u, offset 16, region instance 0
;;   v13 = ctx_load.i32 int32_u, offset 64, region instance 0
;;   v14 = icmp.i32 ne v12, v13
;;   trap_if indirect_call_type_mismatch v14
;;   v15 = raw_load.i64 v9, int64, offset 0, region instance 0
;;   v16 = raw_load.i64 v9, int64, offset 8, region instance 0
;;   v17 = call_indirect () -> (i32) v15, v16
;;   v26 = raw_load.i64 v8, int64, offset 0, region table 0
;;   v28 = icmp.i64 eq v26, v10
;;   trap_if uninitialized_element v28
;;   v29 = raw_load.i32 v26, int32_u, offset 16, region instance 0
;;   v31 = icmp.i32 ne v29, v13
;;   trap_if indirect_call_type_mismatch v31
;;   v32 = raw_load.i64 v26, int64, offset 0, region instance 0
;;   v33 = raw_load.i64 v26, int64, offset 8, region instance 0
;;   v34 = call_indirect () -> (i32) v32, v33
;;   v35 = iadd.i32 v17, v34
;;   return v35
;; }
