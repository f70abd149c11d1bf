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
;;      b: nop WORD PTR [rax+rax*1+0x0]
;;     14: nop WORD PTR [rax+rax*1+0x0]
;;     1d: nop WORD PTR [rax+rax*1+0x0]
;;     26: nop WORD PTR [rax+rax*1+0x0]
;;     2f: nop WORD PTR [rax+rax*1+0x0]
;;     38: nop DWORD PTR [rax+rax*1+0x0]
;; L1:
;;     40: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     44: movaps xmm1,xmm0
;;     47: mulpd xmm1,xmm2
;;     4b: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     53: addpd xmm1,xmm2
;;     57: mulpd xmm1,XMMWORD PTR [rip+0x21] # 0x80
;;     5f: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     67: add ecx,0x10
;;     6a: cmp ecx,0x320
;;     70: jne 0x40
;; L3:
;;     72: ret
;;     73: nop WORD PTR [rax+rax*1+0x0]
;;     7c: nop DWORD PTR [rax+0x0]
;; L12:
;;     80: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f,0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
;; ;; i32
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: movd xmm0,edi
;;      8: pshufd xmm0,xmm0,0x0
;;      d: xor ecx,ecx
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     44: movaps xmm1,xmm0
;;     47: pmulld xmm1,xmm2
;;     4c: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     54: pxor xmm1,xmm2
;;     58: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     60: add ecx,0x10
;;     63: cmp ecx,0x320
;;     69: jne 0x40
;; L3:
;;     6b: ret
