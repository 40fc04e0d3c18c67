using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Serving.Servers;

namespace GreenServe.Tests.Serving.Servers;

public sealed class ServerDefinitionTests
{
    [Fact]
    public void Check_NamesEveryProblemAtOnce()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Bind(
            """
            command: [serve, "{modell}"]
            knobs:
              batch: { arguments: [x] }
              precision: { }
            """));

        Assert.Equal(
            ["$.command[1]", "$.knobs.batch", "$.knobs.precision"], exception.Problems.Select(problem => problem.Place).Order());
    }

    [Fact]
    public void Check_WantsACommandOrAPreset() =>
        Assert.Equal("$.command", Assert.Single(Assert.Throws<InvalidInputException>(() => Bind("port: 8000")).Problems).Place);

    private static ServerDefinition Bind(string yaml) => DocumentTree.Parse(yaml, "server.yaml").Bind<ServerDefinition>();
}
