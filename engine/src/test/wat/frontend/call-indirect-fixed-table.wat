;;! stage = ssa
;;! tunables = no-spectre
;; The length of a table that cannot grow is a constant.
(module
  (type $t (func))
  (table 4 4 funcref)
  (func $f (param i32) (call_indirect (type $t) (local.get 0))))
;; function 0 "f" (i32) -> () {
;; block0(v0: i32):
;;   v1 = uextend v0
;;   v2 = iconst.i64 4
;;   v3 = icmp.i64 uge v1, v2
;;   trap_if undefined_element v3
;;   v4 = iconst.i64 3
;;   v5 = shl.i64 v1, v4
;;   v6 = ctx_load.i64 int64, offset 48, region instance 0
;;   v7 = iadd.i64 v6, v5
;;   v8 = raw_load.i64 v7, int64, offset 0, region table 0
;;   v9 = iconst.i64 0
;;   v10 = icmp.i64 eq v8, v9
;;   trap_if uninitialized_element v10
;;   v11 = raw_load.i32 v8, int32_u, offset 16, region instance 0
;;   v12 = ctx_load.i32 int32_u, offset 64, region instance 0
;;   v13 = icmp.i32 ne v11, v12
;;   trap_if indirect_call_type_mismatch v13
;;   v14 = raw_load.i64 v8, int64, offset 0, region instance 0
;;   v15 = raw_load.i64 v8, int64, offset 8, region instance 0
;;   call_indirect () -> () v14, v15
;;   return
;; }
