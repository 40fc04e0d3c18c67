using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Serving.Dialects;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Tests.Serving.Dialects;

public sealed class RequestBodyTests
{
    public static TheoryData<DialectName> Names => [.. Enum.GetValues<DialectName>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteBody_AsksForTheOutputLength_InEveryDialect(DialectName name)
    {
        JsonNode body = BodyOf(name, isChat: false, tokens: null, text: " time year", outputTokens: 77);

        int? asked = name switch
        {
            DialectName.TgiGenerate => (int?)body["parameters"]!["max_new_tokens"],
            DialectName.OllamaNative => (int?)body["options"]!["num_predict"],
            _ => (int?)body["max_tokens"],
        };
        Assert.Equal(77, asked);
    }

    [Theory]
    [InlineData(DialectName.Vllm)]
    [InlineData(DialectName.OllamaNative)]
    public void WriteBody_SendsEveryMessageOfAConversation_WhenItIsAChat(DialectName name)
    {
        ConversationBuilder builder = new(name: null, line: 1);
        builder.Add(ChatRole.System, "be \"brief\"");
        builder.AddTurn("h\u00e9llo");
        RequestContent content = new()
        {
            Model = "m",
            IsChat = true,
            Conversation = builder.Build(),
            Messages = 2,
            OutputTokens = 5,
            FixesOutput = false,
            Members = BodyMembers.Unchanged,
            Sampling = new SamplingOptions(),
        };
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            DialectCatalog.Find(name).WriteBody(json, content);
        }

        JsonArray messages = JsonNode.Parse(buffer.WrittenSpan)!["messages"]!.AsArray();

        Assert.Equal(["system", "user"], messages.Select(message => (string)message!["role"]!));
        Assert.Equal(["be \"brief\"", "h\u00e9llo"], messages.Select(message => (string)message!["content"]!));
    }

    [Theory]
    [InlineData(DialectName.Vllm, true)]
    [InlineData(DialectName.Sglang, true)]
    [InlineData(DialectName.TensorRtLlm, true)]
    [InlineData(DialectName.LlamaCpp, true)]
    [InlineData(DialectName.OpenAi, false)]
    [InlineData(DialectName.Tgi, false)]
    [InlineData(DialectName.TgiGenerate, false)]
    [InlineData(DialectName.Ollama, false)]
    [InlineData(DialectName.OllamaNative, false)]
    public void WriteBody_FixesTheOutput_WhereTheServerCan(DialectName name, bool canFix)
    {
        JsonNode body = BodyOf(name, isChat: false, tokens: null, text: " time", outputTokens: 5);

        Assert.Equal(canFix, DialectCatalog.Find(name).CanFixOutput);
        Assert.Equal(canFix, (bool?)body["ignore_eos"] == true);
    }

    [Theory]
    [InlineData(DialectName.Vllm)]
    [InlineData(DialectName.Sglang)]
    [InlineData(DialectName.TensorRtLlm)]
    public void WriteBody_AsksForRunningUsageAndFewestTokens(DialectName name)
    {
        JsonNode body = BodyOf(name, isChat: false, tokens: [5, 6, 7], text: null, outputTokens: 5);

        Assert.Equal([5, 6, 7], body["prompt"]!.AsArray().Select(token => (int)token!));
        Assert.Equal(5, (int?)body["min_tokens"]);
        Assert.True((bool?)body["stream"]);
        Assert.True((bool?)body["stream_options"]!["include_usage"]);
        Assert.True((bool?)body["stream_options"]!["continuous_usage_stats"]);
    }

    [Fact]
    public void WriteBody_LeavesLengthsToTheModel_WhenTheyAreNotFixed()
    {
        JsonNode body = BodyOf(DialectName.Vllm, isChat: false, tokens: [5], text: null, outputTokens: 5, fixesOutput: false);

        Assert.Null(body["ignore_eos"]);
        Assert.Null(body["min_tokens"]);
    }

    [Fact]
    public void WriteBody_TurnsOffThePromptCache_OfLlamaCpp() =>
        Assert.False((bool?)BodyOf(DialectName.LlamaCpp, isChat: false, tokens: [5], text: null, outputTokens: 5)["cache_prompt"]);

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteBody_KeepsTextIntact(DialectName name)
    {
        const string text = " \"quotes\" \\ \u0001 <script> 世界";
        JsonNode body = BodyOf(name, isChat: true, tokens: null, text, outputTokens: 5);

        string? sent = name == DialectName.TgiGenerate ? (string?)body["inputs"] : (string?)body["messages"]![0]!["content"];
        Assert.Equal(text, sent);
    }

    [Theory]
    [InlineData(DialectName.Vllm, "ignore_eos")]
    [InlineData(DialectName.Vllm, "stream_options")]
    [InlineData(DialectName.OpenAi, "logprobs")]
    [InlineData(DialectName.LlamaCpp, "cache_prompt")]
    [InlineData(DialectName.Ollama, "temperature")]
    public void WriteBody_LeavesOut_WhatTheUserLeavesOut(DialectName name, string member)
    {
        JsonNode body = BodyOf(name, isChat: false, tokens: [5], text: null, outputTokens: 5, members: MembersOf("{}", member));

        Assert.Null(body[member]);
        Assert.Equal(5, (int?)body["max_tokens"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteBody_TakesTheUsersMember_InPlaceOfItsOwn(DialectName name)
    {
        BodyMembers members = MembersOf("""{"temperature": 0.7, "guided": {"regex": "世+"}}""");

        JsonNode body = BodyOf(name, isChat: true, tokens: null, text: "a", outputTokens: 5, members: members);

        // Two dialects have an object of their own for what concerns the model.
        JsonNode parent = name switch
        {
            DialectName.TgiGenerate => body["parameters"]!,
            DialectName.OllamaNative => body["options"]!,
            _ => body,
        };
        Assert.Equal(0.7, (double?)parent["temperature"]);
        Assert.Equal("世+", (string?)parent["guided"]!["regex"]);
    }

    [Fact]
    public void WriteBody_SendsHowToDraw_AndTheOtherNameOfTheLimit()
    {
        SamplingOptions sampling = new() { Temperature = 0.5, TopProbability = 0.9, TopK = 40, Seed = 7 };

        JsonNode body = BodyOf(DialectName.Vllm, isChat: true, tokens: null, text: "a", outputTokens: 5, sampling: sampling);

        Assert.Equal(
            "0.5 0.9 40 7", $"{body["temperature"]} {body["top_p"]} {body["top_k"]} {body["seed"]}");
        Assert.Equal("5", $"{body["max_completion_tokens"]}");
        Assert.Null(body["max_tokens"]);
    }

    private static BodyMembers MembersOf(string json, params string[] omitted)
    {
        using TemporaryFolder folder = new();
        return BodyMembers.Read("--body", folder.Write("body.json", json), "--omit", omitted);
    }

    private static JsonNode BodyOf(
        DialectName name,
        bool isChat,
        int[]? tokens,
        string? text,
        int outputTokens,
        bool fixesOutput = true,
        BodyMembers? members = null,
        SamplingOptions? sampling = null)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            DialectCatalog.Find(name).WriteBody(json, new RequestContent
            {
                Model = "m",
                IsChat = isChat,
                Members = members ?? BodyMembers.Unchanged,
                Sampling = sampling ?? new SamplingOptions(),
                LimitsCompletion = sampling is not null,
                TokenIds = tokens is null ? null : new ReadOnlyMemory<int>(tokens),
                Text = text,
                OutputTokens = outputTokens,
                FixesOutput = fixesOutput,
            });
        }

        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan))!;
    }
}
