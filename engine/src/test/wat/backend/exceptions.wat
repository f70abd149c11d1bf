;;! stage = asm
;; Handlers cost nothing: the two loops have the same instructions until something is thrown.
(module
  (tag $e (param i32))
  (type $t (func (param i32) (result i32)))
  (table 1 1 funcref)
  (func $plain (param $n i32) (result i32)
    (local $sum i32)
    (loop $next
      (local.set $sum
        (i32.add (local.get $sum)
          (call_indirect (type $t) (local.get $n) (i32.const 0))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func $guarded (param $n i32) (result i32)
    (local $sum i32)
    (loop $next
      (local.set $sum
        (i32.add (local.get $sum)
          (block $caught (result i32)
            (try_table (result i32) (catch $e $caught)
              (call_indirect (type $t) (local.get $n) (i32.const 0))))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func $thrower (param i32)
    (throw $e (local.get 0))))
;; ;; plain
;;      0: sub rsp,0x18
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x84
;;      c: mov QWORD PTR [rsp+0x10],r15
;;     11: mov QWORD PTR [rsp],rbx
;;     15: mov QWORD PTR [rsp+0x8],rbp
;; L0:
;;     1a: mov ebx,edi
;;     1c: xor ebp,ebp
;;     1e: nop WORD PTR [rax+rax*1+0x0]
;;     27: nop WORD PTR [rax+rax*1+0x0]
;;     30: nop WORD PTR [rax+rax*1+0x0]
;;     39: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: xor eax,eax
;;     42: cmp rax,0x1
;;     46: mov ecx,0x0
;;     4b: cmovb rcx,rax
;;     4f: mov rax,QWORD PTR [r15+0x30]
;;     53: mov rax,QWORD PTR [rax+rcx*8]
;;     57: mov ecx,DWORD PTR [rax+0x10]
;;     5a: cmp ecx,DWORD PTR [r15+0x40]
;;     5e: jne 0x86
;;     60: mov edi,ebx
;;     62: mov r15,QWORD PTR [rax+0x8]
;;     66: call QWORD PTR [rax]
;;     68: mov r15,QWORD PTR [rsp+0x10]
;;     6d: add ebp,eax
;;     6f: add ebx,0xffffffff
;;     72: jne 0x40
;; L3:
;;     74: mov eax,ebp
;;     76: mov rbx,QWORD PTR [rsp]
;;     7a: mov rbp,QWORD PTR [rsp+0x8]
;;     7f: add rsp,0x18
;;     83: ret
;; L5:
;;     84: ud2
;; L9:
;;     86: ud2
;; ;; guarded
;;      0: sub rsp,0x38
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x8b
;;      c: mov QWORD PTR [rsp+0x30],r15
;;     11: mov QWORD PTR [rsp+0x20],rbx
;;     16: mov QWORD PTR [rsp+0x28],rbp
;; L0:
;;     1b: mov ebx,edi
;;     1d: xor ebp,ebp
;;     1f: nop WORD PTR [rax+rax*1+0x0]
;;     28: nop WORD PTR [rax+rax*1+0x0]
;;     31: nop WORD PTR [rax+rax*1+0x0]
;;     3a: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     40: xor eax,eax
;;     42: cmp rax,0x1
;;     46: mov ecx,0x0
;;     4b: cmovb rcx,rax
;;     4f: mov rax,QWORD PTR [r15+0x30]
;;     53: mov rax,QWORD PTR [rax+rcx*8]
;;     57: mov ecx,DWORD PTR [rax+0x10]
;;     5a: cmp ecx,DWORD PTR [r15+0x40]
;;     5e: jne 0x8d
;;     60: mov edi,ebx
;;     62: mov r15,QWORD PTR [rax+0x8]
;;     66: call QWORD PTR [rax]
;;     68: mov r15,QWORD PTR [rsp+0x30]
;; L4:
;;     6d: add ebp,eax
;;     6f: add ebx,0xffffffff
;;     72: jne 0x40
;; L6:
;;     74: mov eax,ebp
;;     76: mov rbx,QWORD PTR [rsp+0x20]
;;     7b: mov rbp,QWORD PTR [rsp+0x28]
;;     80: add rsp,0x38
;;     84: ret
;; L7:
;;     85: mov eax,DWORD PTR [rsp+0x10]
;;     89: jmp 0x6d
;; L9:
;;     8b: ud2
;; L13:
;;     8d: ud2
;; ;; thrower
;;      0: sub rsp,0x28
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x22
;; L0:
;;      c: mov QWORD PTR [rsp+0x10],rdi
;;     11: mov edi,0x0
;;     16: mov r11,QWORD PTR [r15+0x10]
;;     1a: call QWORD PTR [r11+0xa8]
;;     21: int3
;; L2:
;;     22: ud2
