using System.Text.Json;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Records.Documents;

public sealed class DocumentContractTests
{
    [Fact]
    public void Readable_IsTheTextOfTheIndentedOptions_WithALineFeedAtItsEnd()
    {
        ServingSystem system = new() { Gpu = "a \"quoted\" näme <&>", GpuCount = 3, Engine = "two\nlines" };

        string text = DocumentContract.Readable(system);

        Assert.Equal(JsonSerializer.Serialize(system, DocumentContract.Indented) + "\n", text);
    }
}
