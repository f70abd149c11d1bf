;;! stage = opt
(module
  (func $u3 (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))
  (func $s10 (param i32) (result i32) (i32.rem_s (local.get 0) (i32.const 10)))
  (func $s-8 (param i64) (result i64) (i64.div_s (local.get 0) (i64.const -8)))
  (func $u7 (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 7)))
  (func $minus-one (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -1))))
;; function 0 "u3" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = uextend v0
;;   v4 = iconst.i64 2863311531
;;   v5 = imul.i64 v3, v4
;;   v6 = iconst.i64 33
;;   v7 = ushr.i64 v5, v6
;;   v8 = wrap v7
;;   return v8
;; }
;; function 1 "s10" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 10
;;   v3 = sextend v0
;;   v4 = iconst.i64 1717986919
;;   v5 = imul.i64 v3, v4
;;   v6 = iconst.i64 34
;;   v7 = sshr.i64 v5, v6
;;   v8 = wrap v7
;;   v9 = iconst.i32 31
;;   v10 = ushr.i32 v0, v9
;;   v11 = iadd.i32 v8, v10
;;   v13 = imul.i32 v11, v1
;;   v2 = isub.i32 v0, v13
;;   return v2
;; }
;; function 2 "s-8" (i64) -> (i64) {
;; block0(v0: i64):
;;   v3 = iconst.i64 63
;;   v4 = sshr.i64 v0, v3
;;   v5 = iconst.i64 61
;;   v6 = ushr.i64 v4, v5
;;   v7 = iadd.i64 v0, v6
;;   v8 = iconst.i64 3
;;   v9 = sshr.i64 v7, v8
;;   v10 = iconst.i64 0
;;   v11 = isub.i64 v10, v9
;;   return v11
;; }
;; function 3 "u7" (i64) -> (i64) {
;; block0(v0: i64):
;;   v3 = iconst.i64 2635249153387078803
;;   v4 = umulhi.i64 v0, v3
;;   v5 = isub.i64 v0, v4
;;   v6 = iconst.i64 1
;;   v7 = ushr.i64 v5, v6
;;   v8 = iadd.i64 v7, v4
;;   v9 = iconst.i64 2
;;   v10 = ushr.i64 v8, v9
;;   return v10
;; }
;; function 4 "minus-one" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 -1
;;   v2 = sdiv.i32 v0, v1
;;   return v2
;; }
