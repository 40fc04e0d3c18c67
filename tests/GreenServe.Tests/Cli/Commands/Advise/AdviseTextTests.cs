using GreenServe.Analysis.Advising;
using GreenServe.Cli.Commands.Advise;
using GreenServe.Tests.Search.Advising;

namespace GreenServe.Tests.Cli.Commands.Advise;

public sealed class AdviseTextTests
{
    [Fact]
    public void Write_ShowsTheServerThatWasSimulated_WhenItsEngineIsAFile()
    {
        AdvisedSetting finalist = TestAdvice.Finalist(TestAdvice.Setting() with { Engine = "/runs/twin/engine.yaml" }, "1 x TP 1");
        AdviceDocument advice = TestAdvice.Of(TestAdvice.Workload, finalist) with
        {
            Commands =
            [
                new DeploymentSnippet("SGLang", "bash", "start the simulated server", null, []),
                new DeploymentSnippet("vLLM", "bash", "start another server", null, []),
                new DeploymentSnippet("GPU clock", "bash", "set the clock", "reset the clock", []),
            ],
        };
        using StringWriter output = new();

        AdviseText.Write(advice, output);

        string text = output.ToString();
        Assert.Contains("start the simulated server", text, StringComparison.Ordinal);
        Assert.Contains("set the clock", text, StringComparison.Ordinal);
        Assert.Contains("reset the clock", text, StringComparison.Ordinal);
        Assert.DoesNotContain("start another server", text, StringComparison.Ordinal);
        Assert.Contains("the report also has those for vLLM.", text, StringComparison.Ordinal);
    }
}
