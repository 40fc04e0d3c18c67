using System.Text;
using CsCheck;
using GreenServe.Serving.Streams;

namespace GreenServe.Tests.Serving.Streams;

public sealed class ChunkFormatTests
{
    private static readonly string[] Beginnings = ["{\"choices\":[{\"text\":\"", "{\"token\":{", "{\"done\":", ""];

    [Theory]
    [InlineData("""{"choices":[{"index":0,"text":" a"}]}""", true, null, null)]
    [InlineData("""{"choices":[{"index":0,"text":""}]}""", false, null, null)]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""", false, null, null)]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant"}}]}""", false, null, null)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"so"}}]}""", true, null, null)]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning":"so"}}]}""", true, null, null)]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}""", true, null, null)]
    [InlineData("""{"choices":[{"index":0,"text":"abc","token_ids":[1,2,3]}]}""", true, 3, null)]
    [InlineData(
        """{"choices":[{"index":0,"text":"ab","logprobs":{"text_offset":[0,1],"tokens":["a","b"],"token_logprobs":[-1,-2]}}]}""",
        true, 2, null)]
    [InlineData(
        """{"choices":[{"index":0,"delta":{"content":"ab"}"""
        + ""","logprobs":{"content":[{"token":"a","bytes":[97]},{"token":"b","bytes":[98]}]}}]}""",
        true, 2, null)]
    [InlineData(
        """{"choices":[{"index":0,"text":"x"}],"usage":{"prompt_tokens":5,"total_tokens":9,"completion_tokens":4}}""",
        true, null, 4)]
    [InlineData(
        """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3}}}""",
        false, null, 4)]
    [InlineData("""{"choices":[{"text":"x"}],"usage":null}""", true, null, null)]
    [InlineData("""{"choices":[{"delta":{"content":"x"}}],"timings":{"prompt_n":3,"predicted_n":7,"predicted_ms":1.5}}""", true, null, 7)]
    [InlineData("""{ "choices" : [ { "index" : 0 , "text" : "a \" \\ \u00e9 }" } ] , "usage" : null }""", true, null, null)]
    public void OpenAi_FindsTextAndCounts(string json, bool hasText, int? tokens, int? tokensSoFar)
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead(Encoding.UTF8.GetBytes(json), out ChunkFacts facts));

        Assert.Equal(hasText, facts.HasText);
        Assert.Equal(tokens, facts.Tokens);
        Assert.Equal(tokensSoFar, facts.TokensSoFar);
        Assert.NotEqual(OutputEnd.Error, facts.End);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","code":500}}""")]
    [InlineData("""{"object":"error","message":"no","code":500}""")]
    public void OpenAi_FindsErrors(string json)
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead(Encoding.UTF8.GetBytes(json), out ChunkFacts facts));

        Assert.Equal(OutputEnd.Error, facts.End);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Formats_IgnoreAnEmptyError(string error)
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$"""{"choices":[{"text":"a"}],"error":{{error}}}"""), out ChunkFacts openAi));
        Assert.True(TgiChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$"""{"token":{"id":1},"error":{{error}}}"""), out ChunkFacts tgi));
        Assert.True(OllamaChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$"""{"response":"a","error":{{error}}}"""), out ChunkFacts ollama));

        Assert.All([openAi.End, tgi.End, ollama.End], end => Assert.Equal(OutputEnd.None, end));
    }

    [Theory]
    [InlineData("\"length\"", "Whole")]
    [InlineData("\"stop\"", "Whole")]
    [InlineData("\"STOP\"", "Whole")]
    [InlineData("\"eos_token\"", "Whole")]
    [InlineData("null", "None")]
    [InlineData("\"\"", "None")]
    [InlineData("\"content_filter\"", "Filtered")]
    [InlineData("\"abort\"", "GivenUp")]
    [InlineData("\"error\"", "GivenUp")]
    [InlineData("\"timeout\"", "GivenUp")]
    [InlineData("\"insufficient_system_resource\"", "GivenUp")]
    [InlineData("{\"type\":\"abort\"}", "GivenUp")]
    public void Formats_FindTheEnd(string reason, string end)
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$"""{"choices":[{"text":"","finish_reason":{{reason}}}]}"""), out ChunkFacts openAi));
        Assert.True(TgiChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$$"""{"token":{"id":1},"details":{"finish_reason":{{{reason}}}}}"""), out ChunkFacts tgi));
        Assert.True(OllamaChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$"""{"response":"","done":true,"done_reason":{{reason}}}"""), out ChunkFacts ollama));

        // TGI's details and Ollama's done end an output by themselves, so that no reason is the reason of a whole output.
        string elsewhere = end == "None" ? "Whole" : end;
        Assert.Equal(
            (end, elsewhere, elsewhere), (openAi.End.ToString(), tgi.End.ToString(), ollama.End.ToString()));
    }

    [Fact]
    public void OpenAi_TellsTheServersWords()
    {
        byte[] json = """{"id":"x","error":{"message":"no"},"choices":[{"finish_reason":"error"}]}"""u8.ToArray();

        Assert.True(OpenAiChunkFormat.Instance.TryRead(json, out ChunkFacts facts));

        // An error is worse than a finish reason, so that its words are shown.
        Assert.Equal("""{"message":"no"}""", Encoding.UTF8.GetString(json[facts.Words]));
    }

    [Theory]
    [InlineData("8", 8)]
    [InlineData("8.0", 8)]
    [InlineData("8.000", 8)]
    [InlineData("null", null)]
    public void OpenAi_ReadsWholeNumbers_AlsoWithADecimalPart(string number, int? count)
    {
        byte[] json = Encoding.UTF8.GetBytes($$$"""{"choices":[],"usage":{"completion_tokens":{{{number}}}}}""");

        Assert.True(OpenAiChunkFormat.Instance.TryRead(json, out ChunkFacts facts));

        Assert.Equal((count, false), (facts.TokensSoFar, facts.HasOutput));
    }

    [Theory]
    [InlineData("-8")]
    [InlineData("8.5")]
    [InlineData("8.")]
    [InlineData("8e1")]
    [InlineData("1000000000000000")]
    public void OpenAi_RefusesCountsThatCannotBe(string number) =>
        Assert.False(OpenAiChunkFormat.Instance.TryRead(
            Encoding.UTF8.GetBytes($$$"""{"choices":[],"usage":{"completion_tokens":{{{number}}}}}"""), out _));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"choices":[{"text":"oops" """)]
    [InlineData("""{"choices":[{"text":"oops"}]} trailing""")]
    [InlineData("""{"choices":[{"text" "oops"}]}""")]
    [InlineData("""{"choices":[{"text":"oops"},]}""")]
    [InlineData("""{"choices":[{"text":"\""}""")]
    [InlineData("""{"usage":{"completion_tokens":"four"}}""")]
    [InlineData("data")]
    public void OpenAi_RefusesWhatIsNotJson(string json) =>
        Assert.False(OpenAiChunkFormat.Instance.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void OpenAi_RefusesBottomlessNesting()
    {
        byte[] json = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000));

        Assert.False(OpenAiChunkFormat.Instance.TryRead(json, out _));
    }

    [Fact]
    public void Formats_NeverThrow_WhateverTheBytes() =>
        Gen.Select(Gen.Int[0, Beginnings.Length - 1], Gen.Byte.Array[0, 60]).Sample((beginning, tail) =>
        {
            byte[] json = [.. Encoding.UTF8.GetBytes(Beginnings[beginning]), .. tail];
            _ = OpenAiChunkFormat.Instance.TryRead(json, out _);
            _ = TgiChunkFormat.Instance.TryRead(json, out _);
            _ = OllamaChunkFormat.Instance.TryRead(json, out _);
        });

    [Fact]
    public void OpenAi_FindsTheTextsLengthOnly_WhateverTheText() =>
        Gen.String.Sample(text =>
        {
            byte[] json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new { choices = new[] { new { text, finish_reason = (string?)null } }, usage = new { completion_tokens = 3 } });

            Assert.True(OpenAiChunkFormat.Instance.TryRead(json, out ChunkFacts facts));
            Assert.Equal(text.Length > 0, facts.HasText);
            Assert.Equal(3, facts.TokensSoFar);
        });
}
