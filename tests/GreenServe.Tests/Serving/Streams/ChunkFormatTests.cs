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
        Assert.False(facts.IsError);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","code":500}}""")]
    [InlineData("""{"object":"error","message":"no","code":500}""")]
    public void OpenAi_FindsErrors(string json)
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead(Encoding.UTF8.GetBytes(json), out ChunkFacts facts));

        Assert.True(facts.IsError);
    }

    [Fact]
    public void OpenAi_IgnoresAnEmptyError()
    {
        Assert.True(OpenAiChunkFormat.Instance.TryRead("""{"choices":[{"text":"a"}],"error":null}"""u8, out ChunkFacts facts));

        Assert.False(facts.IsError);
    }

    [Theory]
    [InlineData("length", true)]
    [InlineData("stop", true)]
    [InlineData(null, false)]
    public void OpenAi_FindsTheEnd(string? reason, bool isFinished)
    {
        string json = $$"""{"choices":[{"text":"","finish_reason":{{(reason is null ? "null" : $"\"{reason}\"")}}}]}""";

        Assert.True(OpenAiChunkFormat.Instance.TryRead(Encoding.UTF8.GetBytes(json), out ChunkFacts facts));

        Assert.Equal(isFinished, facts.IsFinished);
    }

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
