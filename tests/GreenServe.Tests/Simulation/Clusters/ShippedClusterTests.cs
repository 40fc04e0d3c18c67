using GreenServe.Simulation.Clusters;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>Holds the cluster files of <c>paper-artifacts/clusters</c> to what their comments say.</summary>
public sealed class ShippedClusterTests
{
    public static TheoryData<string> Files() =>
    [
        .. Directory.GetFiles(Repository.PathOf("paper-artifacts", "clusters"), "*.cluster.yaml")
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_MakesAClusterThatCanExist(string file)
    {
        Assert.Empty(Open(file).Check());
        Assert.StartsWith("# ", File.ReadLines(Repository.PathOf("paper-artifacts", "clusters", file)).First(), StringComparison.Ordinal);
    }

    /// <summary>
    /// By the configurations of Splitwise's simulator an H100 server counts 44, an A100 server 24.8, and a capped H100 server 30.8. Every
    /// design uses at most the power of 40 H100 servers, and no more than one server less.
    /// </summary>
    [Theory]
    [InlineData("splitwise-conversation")]
    [InlineData("splitwise-code")]
    public void Read_GivesDesignsOfEqualPower(string name)
    {
        foreach (string design in new[] { "aa", "hh", "ha", "hhcap" })
        {
            double power = Open($"{name}-{design}.cluster.yaml").Replicas.Sum(replica =>
                replica.System.Gpu.Name.StartsWith('A') ? 24.8 : replica.System.Knobs.PowerCapWatts is null ? 44 : 30.8);

            Assert.InRange(power, (40 * 44) - 44, 40 * 44);
        }
    }

    /// <summary>By the same configurations an H100 server costs 4.76 and an A100 server 2.21.</summary>
    [Theory]
    [InlineData("aa")]
    [InlineData("ha")]
    public void Read_GivesDesignsOfEqualCost(string design)
    {
        double cost = Open($"splitwise-conversation-cost-{design}.cluster.yaml").Replicas.Sum(replica =>
            replica.System.Gpu.Name.StartsWith('A') ? 2.21 : 4.76);

        Assert.InRange(cost, (40 * 4.76) - 4.76, 40 * 4.76);
    }

    private static ClusterDefinition Open(string file) =>
        ClusterFile.Read(Repository.PathOf("paper-artifacts", "clusters", file)).For(ModelCatalog.Read("llama-3.1-8b"));
}
