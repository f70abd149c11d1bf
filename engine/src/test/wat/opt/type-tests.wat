;;! stage = opt
;; The low bits of a reference are looked at once: they do not change. A deep type has its entry of the display loaded last.
(module
  (type $a (struct (field i32)))
  (type $b (struct (field i64)))
  (type $0 (sub (struct)))
  (type $1 (sub $0 (struct)))
  (type $2 (sub $1 (struct)))
  (type $3 (sub $2 (struct)))
  (type $4 (sub $3 (struct)))
  (type $5 (sub $4 (struct)))
  (type $6 (sub $5 (struct)))
  (type $7 (sub $6 (struct)))
  (type $8 (sub $7 (struct)))
  (type $9 (sub $8 (struct)))
  (func $chain (param anyref) (result i32)
    (if (result i32) (ref.test (ref $a) (local.get 0))
      (then (i32.const 1))
      (else (ref.test (ref $b) (local.get 0)))))
  (func $small (param anyref) (result i32)
    (if (result i32) (ref.test (ref i31) (local.get 0))
      (then (i31.get_s (ref.cast (ref i31) (local.get 0))))
      (else (i32.const -1))))
  (func $deep (param (ref $0)) (result i32)
    (ref.test (ref $9) (local.get 0)))
)
;; function 0 "chain" (ref) -> (i32) {
;; block0(v0: ref):
;;   v1 = iconst.ref 0
;;   v2 = icmp.ref eq v0, v1
;;   v3 = iconst.i32 0
;;   br_if v2, block8, block2
;; block2:
;;   v5 = ref_to_bits v0
;;   v6 = wrap v5
;;   v7 = iconst.i32 3
;;   v8 = iand.i32 v6, v7
;;   br_if v8, block15, block4
;; block15:
;;   br block9
;; block4:
;;   v11 = field_load.i32 v0, int32_u, offset 0, region instance 0
;;   v12 = ctx_load.i32 int32_u, offset 48, region instance 0
;;   v13 = icmp.i32 eq v11, v12
;;   br_if v13, block5, block16
;; block16:
;;   br block9
;; block5:
;;   v14 = iconst.i32 1
;;   br block7(v14)
;; block9:
;;   br_if v8, block10, block11
;; block11:
;;   v26 = field_load.i32 v0, int32_u, offset 0, region instance 0
;;   v27 = ctx_load.i32 int32_u, offset 52, region instance 0
;;   v28 = icmp.i32 eq v26, v27
;;   br block7(v28)
;; block10:
;;   br block7(v3)
;; block8:
;;   br block7(v3)
;; block7(v15: i32):
;;   return v15
;; }
;; function 1 "small" (ref) -> (i32) {
;; block0(v0: ref):
;;   v1 = ref_to_bits v0
;;   v2 = wrap v1
;;   v3 = iconst.i32 1
;;   v4 = iand.i32 v2, v3
;;   br_if v4, block1, block2
;; block1:
;;   v11 = iconst.ref 0
;;   v12 = icmp.ref eq v0, v11
;;   trap_if null_i31 v12
;;   v16 = sshr.i32 v2, v3
;;   br block3(v16)
;; block2:
;;   v18 = iconst.i32 -1
;;   br block3(v18)
;; block3(v17: i32):
;;   return v17
;; }
;; function 2 "deep" (ref) -> (i32) {
;; block0(v0: ref):
;;   v1 = iconst.ref 0
;;   v2 = icmp.ref eq v0, v1
;;   v3 = iconst.i32 0
;;   br_if v2, block7, block2
;; block7:
;;   br block1(v3)
;; block2:
;;   v5 = ref_to_bits v0
;;   v6 = wrap v5
;;   v7 = iconst.i32 3
;;   v8 = iand.i32 v6, v7
;;   br_if v8, block3, block4
;; block4:
;;   v11 = field_load.i32 v0, int32_u, offset 0, region instance 0
;;   v12 = ctx_load.i32 int32_u, offset 92, region instance 0
;;   v13 = ctx_load.i64 int64, offset 32, region instance 0
;;   v14 = uextend v11
;;   v15 = iadd.i64 v13, v14
;;   v16 = raw_load.i32 v15, int8_u, offset 1, region instance 0
;;   v17 = iconst.i32 9
;;   v18 = icmp.i32 ult v16, v17
;;   br_if v18, block5, block6
;; block6:
;;   v21 = raw_load.i32 v15, int32_u, offset 40, region instance 0
;;   v22 = icmp.i32 eq v21, v12
;;   br block1(v22)
;; block5:
;;   br block1(v3)
;; block3:
;;   br block1(v3)
;; block1(v4: i32):
;;   return v4
;; }
