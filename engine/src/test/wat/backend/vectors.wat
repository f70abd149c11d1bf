;;! stage = asm
;; Packed loops: splats, memory operands, constants.
(module
  (memory 1)
  (func $f64 (param f64)
    (local $i i32)
    (loop $l
      (f64.store offset=1024 (local.get $i)
        (f64.mul (f64.add (f64.mul (local.get 0) (f64.load (local.get $i)))
          (f64.load offset=1024 (local.get $i))) (f64.const 0.25)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 800)))))
  (func $i32 (param i32)
    (local $i i32)
    (loop $l
      (i32.store offset=1024 (local.get $i)
        (i32.xor (i32.mul (local.get 0) (i32.load (local.get $i)))
          (i32.load offset=1024 (local.get $i))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 800))))))
;; ;; f64
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: pshufd xmm0,xmm0,0x44
;;      9: xor ecx,ecx
;;      b: nop DWORD PTR [rax+rax*1+0x0]
;; L1:
;;     10: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     14: movaps xmm1,xmm0
;;     17: mulpd xmm1,xmm2
;;     1b: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     23: addpd xmm1,xmm2
;;     27: mulpd xmm1,XMMWORD PTR [rip+0x21] # 0x50
;;     2f: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     37: add ecx,0x10
;;     3a: cmp ecx,0x320
;;     40: jne 0x10
;; L3:
;;     42: ret
;;     43: nop WORD PTR [rax+rax*1+0x0]
;;     4c: nop DWORD PTR [rax+0x0]
;; L12:
;;     50: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f,0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
;; ;; i32
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: movd xmm0,edi
;;      8: pshufd xmm0,xmm0,0x0
;;      d: xor ecx,ecx
;;      f: nop
;; L1:
;;     10: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     14: movaps xmm1,xmm0
;;     17: pmulld xmm1,xmm2
;;     1c: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     24: pxor xmm1,xmm2
;;     28: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     30: add ecx,0x10
;;     33: cmp ecx,0x320
;;     39: jne 0x10
;; L3:
;;     3b: ret
