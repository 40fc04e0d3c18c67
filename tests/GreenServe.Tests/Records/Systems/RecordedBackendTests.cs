using System.Text.Json;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Records.Systems;

public sealed class RecordedBackendTests
{
    private static readonly JsonSerializerOptions Options = new(DocumentContract.Options) { Converters = { new RecordedBackend() } };

    [Theory]
    [InlineData("simulated", BackendKind.Simulated)]
    [InlineData("engine", BackendKind.Engine)]
    [InlineData("openai", BackendKind.OpenAI)]
    [InlineData("load command", null)]
    public void Backend_IsReadAndWrittenAsTheSameText(string text, BackendKind? expected)
    {
        BackendKind? backend = JsonSerializer.Deserialize<BackendKind?>($"\"{text}\"", Options);

        Assert.Equal(expected, backend);
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(backend, Options));
        Assert.Equal(text, RecordedBackend.NameOf(backend));
    }

    [Theory]
    [InlineData("\"triton\"")]
    [InlineData("null")]
    [InlineData("1")]
    public void Backend_IsRefusedWithWhatIsAllowed_WhenItIsAnotherText(string json)
    {
        JsonException refusal = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<BackendKind?>(json, Options));

        Assert.Contains("want simulated, engine, openai or load command", refusal.Message, StringComparison.Ordinal);
    }
}
