;;! stage = asm
;; A copy of the way out for a constant argument: no comparison and no jump.
(module
  (import "m" "f" (func $f (param i32) (result i32)))
  (func (param i32) (result i32)
    (i32.eq
      (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1))))
      (i32.const 7)))
)
;; ;; func1
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x41
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: test edi,edi
;;     12: je 0x1e
;; L1:
;;     14: mov eax,0x1
;;     19: add rsp,0x8
;;     1d: ret
;; L2:
;;     1e: mov edi,0x1
;;     23: mov r11,QWORD PTR [r15+0x38]
;;     27: mov r15,QWORD PTR [r15+0x40]
;;     2b: call r11
;;     2e: mov r15,QWORD PTR [rsp]
;;     32: mov ecx,eax
;;     34: xor eax,eax
;;     36: cmp ecx,0x7
;;     39: sete al
;;     3c: add rsp,0x8
;;     40: ret
;; L4:
;;     41: ud2
