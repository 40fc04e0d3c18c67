using GreenServe.Serving.Dialects;

namespace GreenServe.Tests.Serving.Dialects;

/// <summary>Bodies written by hand after each server's documentation and source, their odd parts included.</summary>
internal static class Transcripts
{
    internal static Transcript[] All { get; } =
    [
        new("vLLM completions", DialectName.Vllm, """
            data: {"id":"cmpl-7a1c","object":"text_completion","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","choices":[{"index":0,"text":" Paris","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":{"prompt_tokens":6,"total_tokens":7,"completion_tokens":1}}

            data: {"id":"cmpl-7a1c","object":"text_completion","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","choices":[{"index":0,"text":".","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":{"prompt_tokens":6,"total_tokens":8,"completion_tokens":2}}

            data: {"id":"cmpl-7a1c","object":"text_completion","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","choices":[{"index":0,"text":" It","logprobs":null,"finish_reason":"length","stop_reason":null}],"usage":{"prompt_tokens":6,"total_tokens":9,"completion_tokens":3}}

            data: {"id":"cmpl-7a1c","object":"text_completion","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","choices":[],"usage":{"prompt_tokens":6,"total_tokens":9,"completion_tokens":3}}

            data: [DONE]


            """, [1, 1, 1], 6),
        new("vLLM chat with speculative decoding and a reasoning field", DialectName.Vllm, """
            data: {"id":"chatcmpl-9d","object":"chat.completion.chunk","created":1755849600,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":12,"total_tokens":12,"completion_tokens":0}}

            data: {"id":"chatcmpl-9d","object":"chat.completion.chunk","created":1755849600,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"reasoning_content":"Okay, so"},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":12,"total_tokens":15,"completion_tokens":3}}

            data: {"id":"chatcmpl-9d","object":"chat.completion.chunk","created":1755849600,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"content":"Grüße, 世界 \"quoted\" \\ \n"},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":12,"total_tokens":19,"completion_tokens":7}}

            data: {"id":"chatcmpl-9d","object":"chat.completion.chunk","created":1755849600,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"length","stop_reason":null}],"usage":{"prompt_tokens":12,"total_tokens":20,"completion_tokens":8}}

            data: {"id":"chatcmpl-9d","object":"chat.completion.chunk","created":1755849600,"model":"Qwen/Qwen3-8B","choices":[],"usage":{"prompt_tokens":12,"total_tokens":20,"completion_tokens":8}}

            data: [DONE]


            """, [3, 4, 1], 12),
        new("SGLang completions", DialectName.Sglang, """
            data: {"id":"5e0f","object":"text_completion","created":1755849600,"choices":[{"index":0,"text":" Paris","logprobs":null,"finish_reason":null,"matched_stop":null}],"model":"default","usage":{"prompt_tokens":6,"total_tokens":7,"completion_tokens":1,"prompt_tokens_details":null,"reasoning_tokens":0}}

            data: {"id":"5e0f","object":"text_completion","created":1755849600,"choices":[{"index":0,"text":" is","logprobs":null,"finish_reason":null,"matched_stop":null}],"model":"default","usage":{"prompt_tokens":6,"total_tokens":8,"completion_tokens":2,"prompt_tokens_details":null,"reasoning_tokens":0}}

            data: {"id":"5e0f","object":"text_completion","created":1755849600,"choices":[{"index":0,"text":"","logprobs":null,"finish_reason":"length","matched_stop":null}],"model":"default","usage":null}

            data: {"id":"5e0f","object":"text_completion","created":1755849600,"choices":[],"model":"default","usage":{"prompt_tokens":6,"total_tokens":8,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0},"reasoning_tokens":0}}

            data: [DONE]


            """, [1, 1], 6),
        new("TensorRT-LLM completions", DialectName.TensorRtLlm, """
            data: {"id":"cmpl-31","object":"text_completion","created":1755849600,"model":"TinyLlama-1.1B-Chat-v1.0","choices":[{"index":0,"text":"\n","token_ids":null,"logprobs":null,"context_logits":null,"finish_reason":null,"stop_reason":null,"disaggregated_params":null}],"usage":{"prompt_tokens":5,"total_tokens":6,"completion_tokens":1}}

            data: {"id":"cmpl-31","object":"text_completion","created":1755849600,"model":"TinyLlama-1.1B-Chat-v1.0","choices":[{"index":0,"text":"New York","token_ids":null,"logprobs":null,"context_logits":null,"finish_reason":"length","stop_reason":null,"disaggregated_params":null}],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3}}

            data: {"id":"cmpl-31","object":"text_completion","created":1755849600,"model":"TinyLlama-1.1B-Chat-v1.0","choices":[],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3}}

            data: [DONE]


            """, [1, 2], 5),
        new("TGI chat with keep-alive comments", DialectName.Tgi, """
            :

            data: {"object":"chat.completion.chunk","id":"","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","system_fingerprint":"3.3.4-native","choices":[{"index":0,"delta":{"role":"assistant","content":"Paris"},"logprobs":null,"finish_reason":null}],"usage":null}

            :

            data: {"object":"chat.completion.chunk","id":"","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","system_fingerprint":"3.3.4-native","choices":[{"index":0,"delta":{"role":"assistant","content":"."},"logprobs":null,"finish_reason":"length"}],"usage":null}

            data: {"object":"chat.completion.chunk","id":"","created":1755849600,"model":"meta-llama/Llama-3.1-8B-Instruct","system_fingerprint":"3.3.4-native","choices":[],"usage":{"prompt_tokens":41,"completion_tokens":2,"total_tokens":43}}

            data: [DONE]


            """, [1, 1], 41),
        new("TGI generate_stream", DialectName.TgiGenerate, """
            data:{"index":1,"token":{"id":12366,"text":" Paris","logprob":-0.21,"special":false},"generated_text":null,"details":null}

            data:{"index":2,"token":{"id":13,"text":".","logprob":-0.9,"special":false},"generated_text":null,"details":null}

            data:{"index":3,"token":{"id":1102,"text":" It","logprob":-1.5,"special":false},"generated_text":" Paris. It","details":{"finish_reason":"length","generated_tokens":3,"seed":null,"input_length":6}}


            """, [1, 1, 1], 6),
        new("llama.cpp completions", DialectName.LlamaCpp, """
            data: {"choices":[{"text":" Paris","index":0,"logprobs":null,"finish_reason":null}],"created":1755849600,"model":"gpt-3.5-turbo","system_fingerprint":"b6240-3007baf2","object":"text_completion","id":"chatcmpl-pJ","timings":{"cache_n":0,"prompt_n":6,"prompt_ms":22.1,"prompt_per_token_ms":3.68,"prompt_per_second":271.4,"predicted_n":1,"predicted_ms":0.002,"predicted_per_token_ms":0.002,"predicted_per_second":500000.0}}

            data: {"choices":[{"text":".","index":0,"logprobs":null,"finish_reason":null}],"created":1755849600,"model":"gpt-3.5-turbo","system_fingerprint":"b6240-3007baf2","object":"text_completion","id":"chatcmpl-pJ","timings":{"cache_n":0,"prompt_n":6,"predicted_n":2,"predicted_ms":8.4}}

            data: {"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"length"}],"created":1755849600,"model":"gpt-3.5-turbo","system_fingerprint":"b6240-3007baf2","object":"text_completion","usage":{"completion_tokens":2,"prompt_tokens":6,"total_tokens":8},"id":"chatcmpl-pJ","timings":{"cache_n":0,"prompt_n":6,"predicted_n":2,"predicted_ms":8.4}}

            data: [DONE]


            """, [1, 1], 6),
        new("Ollama chat", DialectName.Ollama, """
            data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1755849600,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"Paris"},"finish_reason":null}]}

            data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1755849600,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"."},"finish_reason":null}]}

            data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1755849600,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"length"}]}

            data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1755849600,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":2,"total_tokens":33}}

            data: [DONE]


            """, [1, 1], 31),
        new("Ollama api/generate", DialectName.OllamaNative, """
            {"model":"llama3.2","created_at":"2025-08-22T08:00:00.1Z","response":" Paris","done":false}
            {"model":"llama3.2","created_at":"2025-08-22T08:00:00.2Z","response":".","done":false}
            {"model":"llama3.2","created_at":"2025-08-22T08:00:00.3Z","response":"","done":true,"done_reason":"length","total_duration":512000000,"load_duration":2000000,"prompt_eval_count":6,"prompt_eval_duration":100000000,"eval_count":2,"eval_duration":200000000}

            """, [1, 1], 6),
        new("Ollama api/chat with thinking", DialectName.OllamaNative, """
            {"model":"qwen3","created_at":"2025-08-22T08:00:00.1Z","message":{"role":"assistant","content":"","thinking":"So"},"done":false}
            {"model":"qwen3","created_at":"2025-08-22T08:00:00.2Z","message":{"role":"assistant","content":"Paris"},"done":false}
            {"model":"qwen3","created_at":"2025-08-22T08:00:00.3Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":14,"eval_count":2}
            """, [1, 1], 14),
        new("OpenAI chat with log-probabilities", DialectName.OpenAi, """
            data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1755849600,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0aa8","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"3Jq"}

            data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1755849600,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0aa8","choices":[{"index":0,"delta":{"content":"Paris is"},"logprobs":{"content":[{"token":"Paris","logprob":-0.02,"bytes":[80,97,114,105,115],"top_logprobs":[]},{"token":" is","logprob":-0.3,"bytes":[32,105,115],"top_logprobs":[]}],"refusal":null},"finish_reason":null}],"usage":null,"obfuscation":"x"}

            data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1755849600,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0aa8","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"usage":null,"obfuscation":"yz"}

            data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1755849600,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0aa8","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"obfuscation":""}

            data: [DONE]


            """, [2], 9),
        new("OpenAI completions, counted only at the end", DialectName.OpenAi, """
            data: {"id":"cmpl-C1","object":"text_completion","created":1755849600,"choices":[{"text":" Paris","index":0,"logprobs":null,"finish_reason":null}],"model":"gpt-3.5-turbo-instruct"}

            data: {"id":"cmpl-C1","object":"text_completion","created":1755849600,"choices":[{"text":" is the capital","index":0,"logprobs":null,"finish_reason":null}],"model":"gpt-3.5-turbo-instruct"}

            data: {"id":"cmpl-C1","object":"text_completion","created":1755849600,"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"length"}],"model":"gpt-3.5-turbo-instruct"}

            data: {"id":"cmpl-C1","object":"text_completion","created":1755849600,"choices":[],"model":"gpt-3.5-turbo-instruct","usage":{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10}}

            data: [DONE]


            """, [1, 1], 6) { AreTokenTimesKnown = false },
    ];
}
