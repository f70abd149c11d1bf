;;! stage = ssa
;;! tunables = fuel, epoch
(module
  (func $count (param i32)
    (loop
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0)))))
;; function 0 "count" (i32) -> () {
;; block0(v0: i32):
;;   v1 = ctx_load.i64 int64, offset 0, region instance 0
;;   v2 = raw_load.i64 v1, int64, offset 8, region store 0
;;   v3 = iconst.i64 0
;;   v4 = icmp.i64 slt v2, v3
;;   br_if v4, block1, block2
;; block1 cold:
;;   call_builtin fuel_exit () -> ()
;;   br block2
;; block2:
;;   v5 = ctx_load.i64 int64, offset 0, region instance 0
;;   v6 = raw_load.i64 v5, int64, offset 16, region store 0
;;   v7 = raw_load.i32 v6, int32_u, offset 0, region volatile 0
;;   br_if v7, block3, block4
;; block3 cold:
;;   call_builtin epoch_exit () -> ()
;;   br block4
;; block4:
;;   br block5(v0)
;; block5(v15: i32):
;;   v8 = ctx_load.i64 int64, offset 0, region instance 0
;;   v9 = raw_load.i64 v8, int64, offset 8, region store 0
;;   v10 = iconst.i64 0
;;   v11 = icmp.i64 slt v9, v10
;;   br_if v11, block6, block7
;; block6 cold:
;;   call_builtin fuel_exit () -> ()
;;   br block7
;; block7:
;;   v12 = ctx_load.i64 int64, offset 0, region instance 0
;;   v13 = raw_load.i64 v12, int64, offset 16, region store 0
;;   v14 = raw_load.i32 v13, int32_u, offset 0, region volatile 0
;;   br_if v14, block8, block9
;; block8 cold:
;;   call_builtin epoch_exit () -> ()
;;   br block9
;; block9:
;;   v16 = iconst.i32 1
;;   v17 = isub.i32 v15, v16
;;   v18 = ctx_load.i64 int64, offset 0, region instance 0
;;   v19 = raw_load.i64 v18, int64, offset 8, region store 0
;;   v20 = iconst.i64 6
;;   v21 = isub.i64 v19, v20
;;   raw_store.i64 v18, v21, int64, offset 8, region store 0
;;   br_if v17, block5(v17), block10
;; block10:
;;   return
;; }
