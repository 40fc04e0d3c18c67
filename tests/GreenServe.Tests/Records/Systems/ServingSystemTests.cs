using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Records.Systems;

public sealed class ServingSystemTests
{
    [Theory]
    [InlineData("{ gpu: H200, engine: vllm-0.11 }")]
    [InlineData("{ cluster: two.cluster.yaml }")]
    [InlineData("{ cluster: two.cluster.yaml, policy: top-clock }")]
    public void Bind_Accepts_OneInstanceOrACluster(string system) =>
        Assert.NotNull(DocumentTree.Parse(system).Bind<ServingSystem>());

    [Theory]
    [InlineData("{ gpu: H200 }", "$.engine")]
    [InlineData("{ }", "$.gpu $.engine")]
    [InlineData("{ gpu: H200, engine: vllm-0.11, policy: top-clock }", "$.policy")]
    [InlineData("{ gpu: H200, engine: vllm-0.11, cluster: two.cluster.yaml }", "$.gpu $.engine")]
    [InlineData("{ cluster: two.cluster.yaml, host: { launch_seconds: 5e-6 } }", "$.host")]
    public void Bind_NamesEveryProblem_WhenBothOrNeitherIsGiven(string system, string places)
    {
        InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => DocumentTree.Parse(system).Bind<ServingSystem>());

        Assert.Equal(places.Split(' '), refusal.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void Canonical_LeavesClusterAndPolicyOut_WhenThereIsNone() =>
        Assert.Equal(
            """{"gpu":"H200","gpu_count":8,"engine":"vllm-0.11"}""",
            DocumentContract.Canonical(new ServingSystem { Gpu = "H200", Engine = "vllm-0.11" }));
}
