;;! stage = asm
;; What calls need is done only on the ways that call.
(module
  (import "host" "log" (func $log (param i32)))
  (memory 1)

  ;; The way around the call and the way through it meet: the registers are restored
  ;; before.
  (func $meeting (export "meeting") (param $n i32) (param $p i32)
    (if (i32.gt_s (local.get $n) (i32.const 9))
      (then
        (call $log (local.get $n))
        (i32.store (local.get $p) (local.get $n))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))))
    (i32.store offset=8 (local.get $p) (i32.const 1)))

  ;; A call in a loop: all is done once, in front of the loop.
  (func $loop (export "loop") (param $n i32)
    (if (i32.gt_s (local.get $n) (i32.const 0))
      (then
        (loop $again
          (if (i32.and (local.get $n) (i32.const 1)) (then (call $log (local.get $n))))
          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))))
;; ;; meeting
;;      0: sub rsp,0x18
;; L0:
;;      4: mov eax,esi
;;      6: mov rcx,QWORD PTR [r15+0x28]
;;      a: cmp edi,0x9
;;      d: jle 0x54
;; L1:
;;      f: mov QWORD PTR [rsp],rbx
;;     13: mov QWORD PTR [rsp+0x8],rbp
;;     18: mov rbx,QWORD PTR [r15]
;;     1b: cmp rsp,QWORD PTR [rbx]
;;     1e: jb 0x61
;;     20: mov QWORD PTR [rsp+0x10],r15
;;     25: mov rbp,rax
;;     28: mov rbx,rdi
;;     2b: mov edi,ebx
;;     2d: mov r11,QWORD PTR [r15+0x58]
;;     31: mov r15,QWORD PTR [r15+0x60]
;;     35: call r11
;;     38: mov r15,QWORD PTR [rsp+0x10]
;;     3d: mov rax,QWORD PTR [r15+0x28]
;;     41: mov DWORD PTR [rax+rbp*1],ebx
;;     44: lea eax,[rbp+0x4]
;;     47: mov rcx,QWORD PTR [r15+0x28]
;;     4b: mov rbx,QWORD PTR [rsp]
;;     4f: mov rbp,QWORD PTR [rsp+0x8]
;; L3:
;;     54: mov DWORD PTR [rcx+rax*1+0x8],0x1
;;     5c: add rsp,0x18
;;     60: ret
;; L7:
;;     61: ud2
;; ;; loop
;;      0: sub rsp,0x18
;; L0:
;;      4: test edi,edi
;;      6: jle 0x60
;; L2:
;;      8: mov QWORD PTR [rsp],rbx
;;      c: mov rbx,QWORD PTR [r15]
;;      f: cmp rsp,QWORD PTR [rbx]
;;     12: jb 0x65
;;     14: mov QWORD PTR [rsp+0x8],r15
;;     19: mov rbx,rdi
;;     1c: nop WORD PTR [rax+rax*1+0x0]
;;     25: nop WORD PTR [rax+rax*1+0x0]
;;     2e: nop WORD PTR [rax+rax*1+0x0]
;;     37: nop WORD PTR [rax+rax*1+0x0]
;; L3:
;;     40: test bl,0x1
;;     43: je 0x57
;; L5:
;;     45: mov edi,ebx
;;     47: mov r11,QWORD PTR [r15+0x58]
;;     4b: mov r15,QWORD PTR [r15+0x60]
;;     4f: call r11
;;     52: mov r15,QWORD PTR [rsp+0x8]
;; L6:
;;     57: add ebx,0xffffffff
;;     5a: jne 0x40
;; L8:
;;     5c: mov rbx,QWORD PTR [rsp]
;; L9:
;;     60: add rsp,0x18
;;     64: ret
;; L13:
;;     65: ud2
