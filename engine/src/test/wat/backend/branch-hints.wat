;;! stage = asm
(module
  (import "m" "rare" (func $rare (param i32) (result i32)))
  ;; What is not likely stands behind the function, whatever it looks like.
  (func $if (param $x i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (i32.ne (local.get $x) (i32.const 7))
      (then (i32.mul (local.get $x) (i32.const 100)))
      (else (i32.add (local.get $x) (i32.const 3)))))

  ;; The same without a hint: numbers differ more often than not.
  (func $unknown (param $x i32) (result i32)
    (if (result i32) (i32.ne (local.get $x) (i32.const 7))
      (then (i32.mul (local.get $x) (i32.const 100)))
      (else (i32.add (local.get $x) (i32.const 3)))))

  ;; A loop that is probably left at once.
  (func $loop (param $x i32) (param $n i32) (result i32)
    (loop $again
      (local.set $x (call $rare (local.get $x)))
      (@metadata.code.branch_hint "\00")
      (br_if $again (i32.lt_u (local.get $x) (local.get $n))))
    (local.get $x))

  ;; What follows a branch that is probably taken.
  (func $taken (param $x i32) (result i32)
    (block $out
      (@metadata.code.branch_hint "\01")
      (br_if $out (i32.eqz (local.get $x)))
      (local.set $x (call $rare (local.get $x))))
    (i32.add (local.get $x) (i32.const 1)))
)
;; ;; if
;; L0:
;;      0: cmp edi,0x7
;;      3: jne 0x9
;; L1:
;;      5: lea eax,[rdi+0x3]
;; L2:
;;      8: ret
;; L3:
;;      9: imul eax,edi,0x64
;;      c: jmp 0x8
;; ;; unknown
;; L0:
;;      0: cmp edi,0x7
;;      3: je 0xa
;; L1:
;;      5: imul eax,edi,0x64
;;      8: jmp 0xd
;; L2:
;;      a: lea eax,[rdi+0x3]
;; L3:
;;      d: ret
;; ;; loop
;;      0: sub rsp,0x18
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x33
;;      c: mov QWORD PTR [rsp+0x8],r15
;; L0:
;;     11: mov QWORD PTR [rsp],rsi
;; L1:
;;     15: mov r11,QWORD PTR [r15+0x38]
;;     19: mov r15,QWORD PTR [r15+0x40]
;;     1d: call r11
;;     20: mov r15,QWORD PTR [rsp+0x8]
;;     25: mov edi,eax
;;     27: cmp edi,DWORD PTR [rsp]
;;     2a: jb 0x15
;; L2:
;;     2c: mov eax,edi
;;     2e: add rsp,0x18
;;     32: ret
;; L5:
;;     33: ud2
;; ;; taken
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x30
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: test edi,edi
;;     12: jne 0x1c
;; L2:
;;     14: lea eax,[rdi+0x1]
;;     17: add rsp,0x8
;;     1b: ret
;; L3:
;;     1c: mov r11,QWORD PTR [r15+0x38]
;;     20: mov r15,QWORD PTR [r15+0x40]
;;     24: call r11
;;     27: mov r15,QWORD PTR [rsp]
;;     2b: mov rdi,rax
;;     2e: jmp 0x14
;; L5:
;;     30: ud2
