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
;;      0: movaps xmm1,xmm0
;;      3: mov rax,QWORD PTR [r15+0x20]
;;      7: pshufd xmm0,xmm1,0x44
;;      c: movaps xmm2,xmm1
;;      f: mulsd xmm2,QWORD PTR [rax]
;;     13: addsd xmm2,QWORD PTR [rax+0x400]
;;     1b: mulsd xmm2,QWORD PTR [rip+0x15d] # 0x180
;;     23: movsd QWORD PTR [rax+0x400],xmm2
;;     2b: movaps xmm2,xmm1
;;     2e: mulsd xmm2,QWORD PTR [rax+0x8]
;;     33: addsd xmm2,QWORD PTR [rax+0x408]
;;     3b: mulsd xmm2,QWORD PTR [rip+0x13d] # 0x180
;;     43: movsd QWORD PTR [rax+0x408],xmm2
;;     4b: movaps xmm2,xmm1
;;     4e: mulsd xmm2,QWORD PTR [rax+0x10]
;;     53: addsd xmm2,QWORD PTR [rax+0x410]
;;     5b: mulsd xmm2,QWORD PTR [rip+0x11d] # 0x180
;;     63: movsd QWORD PTR [rax+0x410],xmm2
;;     6b: mulsd xmm1,QWORD PTR [rax+0x18]
;;     70: addsd xmm1,QWORD PTR [rax+0x418]
;;     78: mulsd xmm1,QWORD PTR [rip+0x100] # 0x180
;;     80: movsd QWORD PTR [rax+0x418],xmm1
;;     88: mov ecx,0x20
;;     8d: nop WORD PTR [rax+rax*1+0x0]
;;     96: nop WORD PTR [rax+rax*1+0x0]
;;     9f: nop WORD PTR [rax+rax*1+0x0]
;;     a8: nop WORD PTR [rax+rax*1+0x0]
;;     b1: nop WORD PTR [rax+rax*1+0x0]
;;     ba: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     c0: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     c4: movaps xmm1,xmm0
;;     c7: mulpd xmm1,xmm2
;;     cb: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     d3: addpd xmm1,xmm2
;;     d7: mulpd xmm1,XMMWORD PTR [rip+0x91] # 0x170
;;     df: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     e7: movups xmm2,XMMWORD PTR [rax+rcx*1+0x10]
;;     ec: movaps xmm1,xmm0
;;     ef: mulpd xmm1,xmm2
;;     f3: movups xmm2,XMMWORD PTR [rax+rcx*1+0x410]
;;     fb: addpd xmm1,xmm2
;;     ff: mulpd xmm1,XMMWORD PTR [rip+0x69] # 0x170
;;    107: movups XMMWORD PTR [rax+rcx*1+0x410],xmm1
;;    10f: movups xmm2,XMMWORD PTR [rax+rcx*1+0x20]
;;    114: movaps xmm1,xmm0
;;    117: mulpd xmm1,xmm2
;;    11b: movups xmm2,XMMWORD PTR [rax+rcx*1+0x420]
;;    123: addpd xmm1,xmm2
;;    127: mulpd xmm1,XMMWORD PTR [rip+0x41] # 0x170
;;    12f: movups XMMWORD PTR [rax+rcx*1+0x420],xmm1
;;    137: movups xmm2,XMMWORD PTR [rax+rcx*1+0x30]
;;    13c: movaps xmm1,xmm0
;;    13f: mulpd xmm1,xmm2
;;    143: movups xmm2,XMMWORD PTR [rax+rcx*1+0x430]
;;    14b: addpd xmm1,xmm2
;;    14f: mulpd xmm1,XMMWORD PTR [rip+0x19] # 0x170
;;    157: movups XMMWORD PTR [rax+rcx*1+0x430],xmm1
;;    15f: add ecx,0x40
;;    162: cmp ecx,0x320
;;    168: jne 0xc0
;; L3:
;;    16e: ret
;;    16f: nop
;; L7:
;;    170: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f,0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
;; L8:
;;    180: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
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
;;     60: movups xmm2,XMMWORD PTR [rax+rcx*1+0x10]
;;     65: movaps xmm1,xmm0
;;     68: pmulld xmm1,xmm2
;;     6d: movups xmm2,XMMWORD PTR [rax+rcx*1+0x410]
;;     75: pxor xmm1,xmm2
;;     79: movups XMMWORD PTR [rax+rcx*1+0x410],xmm1
;;     81: add ecx,0x20
;;     84: cmp ecx,0x320
;;     8a: jne 0x40
;; L3:
;;     8c: ret
