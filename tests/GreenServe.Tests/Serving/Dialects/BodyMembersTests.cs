using GreenServe.Records;
using GreenServe.Serving.Dialects;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.Dialects;

public sealed class BodyMembersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_KeepsWhatIsNeitherAddedNorLeftOut()
    {
        BodyMembers members = Read("""{"temperature": 1, "x": null}""", "logprobs", "logprobs");

        Assert.Equal((false, false, true), (members.Keeps("temperature"), members.Keeps("logprobs"), members.Keeps("ignore_eos")));
        Assert.Equal(["temperature", "x"], members.Added);
        Assert.Equal("logprobs", Assert.Single(members.Omitted));
        Assert.True(BodyMembers.Unchanged.IsUnchanged && !members.IsUnchanged);
    }

    [Theory]
    [InlineData("[1]", "--body: got JSON that is no object")]
    [InlineData("null", "--body: got JSON that is no object")]
    [InlineData("{\"a\": S3CRET}", ":1: --body: got text that is no JSON")]
    [InlineData("{\"a\": 1, \"a\": 2}", "--body: got text that is no JSON")]
    [InlineData("", "--body: got text that is no JSON")]
    public void Read_Refuses_WhatIsNoObject(string text, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Read(text));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesEveryMemberThatCannotBeChanged()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => Read("""{"model": "S3CRET", "max_tokens": 3, "seed": 1, "logprobs": 2}""", "prompt", "logprobs"));

        Assert.Equal(
            ["the member model", "the member max_tokens", "prompt", "logprobs, which --body adds"],
            exception.Problems.Select(problem => problem.Found));
        Assert.DoesNotContain("S3CRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Identity_TellsChangesApart_AndNotTheirOrder()
    {
        string one = Read("""{"a": 1}""", "logprobs", "temperature").Identity;

        Assert.Equal(one, Read("""{"a":1}""", "temperature", "logprobs").Identity);
        Assert.NotEqual(one, Read("""{"a": 2}""", "logprobs", "temperature").Identity);
        Assert.NotEqual(one, Read("""{"a": 1}""", "logprobs").Identity);
    }

    private BodyMembers Read(string text, params string[] omitted) =>
        BodyMembers.Read("--body", folder.Write("body.json", text), "--omit", omitted);
}
