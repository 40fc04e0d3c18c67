using System.Text;
using BenchmarkDotNet.Attributes;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Http1;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Streams;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Serving;

/// <summary>
/// Reads one whole response from memory: framing, UTF-8 check, token count and receipt time of every event. If a hundred times as many
/// events allocate the same memory, an event allocates none.
/// </summary>
/// <remarks>
/// <see cref="Read"/> reads the body alone, as it comes out of .NET's HTTP client. <see cref="ReadInPlace"/> reads what comes off the wire,
/// head and chunks included, an event at a time.
/// </remarks>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class EventParsing
{
    private static readonly StreamRules Rules = new(EndsWithDone: true, HasFixedOutput: true, HasExactInput: true);
    private byte[] response = [];
    private byte[][] wire = [];

    /// <summary>Number of events of the response, each with one token.</summary>
    [Params(1_000, 100_000)]
    public int Events { get; set; }

    /// <summary>Wire format: vLLM's completions with a running usage (250 bytes an event), or OpenAI's chat chunks (280 bytes).</summary>
    [Params("completions", "chat")]
    public string Format { get; set; } = "";

    /// <summary>Makes the response that the benchmarks parse.</summary>
    [GlobalSetup]
    public void Write()
    {
        StringBuilder text = new();
        for (int token = 1; token <= Events; token++)
        {
            string finish = token == Events ? "\"length\"" : "null";
            string choice = Format == "chat"
                ? $$"""{"index":0,"delta":{"content":" the"},"logprobs":null,"finish_reason":{{finish}}}"""
                : $$"""{"index":0,"text":" the","logprobs":null,"finish_reason":{{finish}},"stop_reason":null}""";
            string kind = Format == "chat" ? "chat.completion.chunk" : "text_completion";
            string usage = $$"""{"prompt_tokens":512,"total_tokens":{{512 + token}},"completion_tokens":{{token}}}""";
            text.Append($$"""data: {"id":"cmpl-7f0c0e0a4d1f4b63","object":"{{kind}}","created":1755849600""");
            text.Append($$""","model":"meta-llama/Llama-3.1-8B","choices":[{{choice}}],"usage":{{usage}} }""").Append("\n\n");
        }

        response = Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());
        wire = [.. WireOf(text.ToString())];
    }

    /// <summary>Reads the response as it comes off the wire and returns the number of tokens counted.</summary>
    [Benchmark]
    public int? ReadInPlace()
    {
        RequestTrace trace = new(new ScheduledRequest(0, 0, default, 512, Events), 0, TimeProvider.System);
        trace.Issue();
        using DirectExchange exchange = new(trace, DialectCatalog.Find(DialectName.Vllm), Rules, TimeProvider.System);
        using ResponseReader reader = new(exchange);
        foreach (byte[] piece in wire)
        {
            reader.Take(piece);
        }

        StreamFaultException? fault = exchange.Finish();
        trace.Release();
        return fault is null ? trace.OutputTokens : throw new InvalidOperationException(fault.Message);
    }

    /// <summary>Reads the response and returns the number of tokens counted.</summary>
    [Benchmark]
    public int? Read()
    {
        using MemoryStream body = new(response);
        RequestTrace trace = new(new ScheduledRequest(0, 0, default, 512, Events), 0, TimeProvider.System);
        trace.Issue();
        OutputReading reading = new(trace, OpenAiChunkFormat.Instance, Rules);

        // Reading completes synchronously, since all bytes are in memory.
        using ResponseLines lines = EventReader.OfServerSentEvents(reading);
        lines.ReadAsync(body, CancellationToken.None).GetAwaiter().GetResult();
        StreamFaultException? fault = reading.Finish();
        trace.Release();
        return fault is null ? trace.OutputTokens : throw new InvalidOperationException(fault.Message);
    }

    /// <summary>The response in chunks of HTTP/1.1, an event each, as vLLM and the built-in server send it.</summary>
    private static IEnumerable<byte[]> WireOf(string body)
    {
        yield return Encoding.UTF8.GetBytes(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (string text in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Encoding.UTF8.GetBytes($"{text.Length + 2:x}\r\n{text}\n\n\r\n");
        }

        yield return "0\r\n\r\n"u8.ToArray();
    }
}
