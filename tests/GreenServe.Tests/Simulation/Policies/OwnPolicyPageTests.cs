using System.Text.RegularExpressions;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Tests.Cli;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;

namespace GreenServe.Tests.Simulation.Policies;

/// <summary>Holds every step of <c>docs/how-to/write-a-policy.md</c>.</summary>
public sealed partial class OwnPolicyPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "how-to", "write-a-policy.md"));

    [Fact]
    public void Code_IsTheFileThatThisTestCompiles_InFortyLines()
    {
        string code = Block("csharp", 0);

        string compiled = Repository.PathOf("tests", "GreenServe.Tests", "Simulation", "Policies", "LowClockWhenCalm.cs");
        Assert.Equal(File.ReadAllText(compiled).TrimEnd(), code);
        Assert.InRange((code + Block("csharp", 1) + Block("yaml", 0)).Split('\n').Count(line => line.Trim().Length > 0), 1, 40);
    }

    [Fact]
    public void Code_LowersTheClockAndTheEnergy()
    {
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 60, 0.5, 300, 40);
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = Small }] };

        ClusterSummary calm = Run(requests, cluster, Policy()).Summary;
        ClusterSummary top = Run(requests, cluster, new FixedSetting { Name = "top", Source = "test" }).Summary;

        Assert.Contains(calm.Actions, action => action is { Kind: ActionKind.SetClock, Setting: "1200 MHz", Reason: "calm" });
        Assert.True(calm.TotalJoules < 0.95 * top.TotalJoules, $"{calm.TotalJoules} J against {top.TotalJoules} J");
    }

    [Fact]
    public void Yaml_StatesItsParameters() => Assert.Equal(1200, Policy().CalmMegahertz);

    [Fact]
    public void Attribute_HasTheFormOfTheOthers()
    {
        string line = Block("csharp", 1);
        string definition = File.ReadAllText(Repository.PathOf("benchmarks", "GreenServe.Simulation", "Policies", "PolicyDefinition.cs"));

        Assert.Contains(
            line.Replace(nameof(LowClockWhenCalm), nameof(FixedSetting), StringComparison.Ordinal)
                .Replace("low_clock_when_calm", "fixed", StringComparison.Ordinal),
            definition,
            StringComparison.Ordinal);
        Assert.StartsWith("kind: low_clock_when_calm\n", Block("yaml", 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_AreThereOrHaveTheirFolder()
    {
        string[] paths = [.. InBackticks().Matches(Page).Select(match => match.Groups[1].Value).Where(text => text.Contains('/')
            && !text.StartsWith("runs/", StringComparison.Ordinal) && !text.StartsWith(".build/", StringComparison.Ordinal))];

        Assert.True(paths.Length >= 3, string.Join(", ", paths));
        Assert.All(paths, path => Assert.True(Directory.Exists(Path.GetDirectoryName(Repository.PathOf(path))), path));
        Assert.Contains("profiles/policies/*.yaml", File.ReadAllText(
            Repository.PathOf("benchmarks", "GreenServe.Simulation", "GreenServe.Simulation.csproj")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_AreUnderstood()
    {
        string[] commands = [.. Block("", 0).Split('\n').Where(line => line.StartsWith("greenserve ", StringComparison.Ordinal))];

        Assert.Equal(3, commands.Length);
        foreach (string[] words in commands.Select(command => command.Split(' ')[1..]))
        {
            (int code, string help, _) = await CommandRunner.RunAsync(words[0], "--help");

            Assert.Equal(0, code);
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option =>
                Assert.Contains(option, help, StringComparison.Ordinal));
        }

        string[] run = commands[0].Split(' ');
        Assert.Contains(run[2], WorkloadCatalog.Names);
        Assert.True(File.Exists(Repository.PathOf(run[4])));
        Assert.Equal("low-clock-when-calm", run[6]);
        Assert.Contains("top-clock", PolicyCatalog.Names);
    }

    private static LowClockWhenCalm Policy()
    {
        // The page's line of the attribute is not in this build, so the kind is left to the type.
        string yaml = Block("yaml", 0);
        return DocumentTree.Parse(yaml[(yaml.IndexOf('\n', StringComparison.Ordinal) + 1)..], "page").Bind<LowClockWhenCalm>();
    }

    private static string Block(string language, int number) => Blocks().Matches(Page)
        .Where(match => match.Groups[1].Value == language).ElementAt(number).Groups[2].Value.TrimEnd();

    [GeneratedRegex("^```([a-z]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`([A-Za-z./-]+)`")]
    private static partial Regex InBackticks();
}
