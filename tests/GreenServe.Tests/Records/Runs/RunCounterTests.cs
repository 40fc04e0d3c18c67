using System.Text;
using System.Text.RegularExpressions;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

/// <summary>Each listed counter is written somewhere, and no other name is.</summary>
public sealed partial class RunCounterTests
{
    private const string UpdateVariable = "GREENSERVE_UPDATE_COUNTERS";

    public static TheoryData<string> Properties =>
    [
        .. typeof(RunCounter).GetProperties().Concat(typeof(ClusterCounter).GetProperties())
            .Where(property => property.PropertyType == typeof(RunCounter))
            .Select(property => property.Name).Where(name => !name.StartsWith("Asked", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Properties))]
    public void Counter_IsWrittenByTheSource(string property) =>
        Assert.Contains(
            property, SourceFiles.Read().SelectMany(text => Use().Matches(text)).Select(match => match.Groups["counter"].Value));

    [Fact]
    public void Source_NamesNoCounter_ByALiteral()
    {
        IEnumerable<string> literals = SourceFiles.Read().SelectMany(text => Literal().Matches(text))
            .Select(match => match.Groups["name"].Value);

        // Cluster files, Kubernetes and the knobs of a setting have a key of that name too.
        Assert.Empty(RunCounter.All.Select(counter => counter.Name).Except([RunCounter.Replicas.Name]).Intersect(literals));
    }

    [Fact]
    public void All_HoldsEveryCounterOfClusters() =>
        Assert.Subset(
            RunCounter.All.ToHashSet(),
            typeof(ClusterCounter).GetProperties().Select(property => (RunCounter)property.GetValue(null)!).ToHashSet());

    [Fact]
    public void Counter_TellsUsersWhatIsCounted_InASentence() =>
        Assert.All(RunCounter.All, counter => Assert.Matches("^[A-Z].+\\.$", counter.Meaning));

    [Theory]
    [InlineData(RequestStatus.Completed, "requests_completed")]
    [InlineData(RequestStatus.WrongLength, "requests_wrong_length")]
    public void Requests_HasACounter_ForEachStatus(RequestStatus status, string name) =>
        Assert.Equal(name, RunCounter.Requests(status).Name);

    [Theory]
    [InlineData("gpu_clock_megahertz")]
    [InlineData("power_cap_watts")]
    public void Asked_HasACounter_ForEachKnobOfADevice(string knob) => Assert.Equal($"asked_{knob}", RunCounter.Asked(knob).Name);

    [Fact]
    public void Asked_Refuses_AKnobThatNoDeviceHas() => Assert.Throws<ArgumentException>(() => RunCounter.Asked("max_batch"));

    [Fact]
    public void Find_KnowsTheCounterOfAHost_ByTheNameBeforeTheColon() =>
        Assert.Same(RunCounter.ClockOffsetSeconds, RunCounter.Find(RunCounter.ClockOffsetSeconds.Of("node-1")));

    [Theory]
    [InlineData("speed")]
    [InlineData("steps:node-1")]
    [InlineData("clock_offset_seconds")]
    public void Find_KnowsNoCounter_OfAnotherShape(string name) => Assert.Null(RunCounter.Find(name));

    [Fact]
    public void Reference_ListsEveryCounter()
    {
        StringBuilder text = new(
            """
            # Counters

            The object `counters` of `run.json` holds numbers about a run that are worth keeping. A record holds those that its backend
            knows. This page lists all of them. A name with `:host` stands once for each remote host. A record of another version may hold
            others; they are kept as they are.

            | Counter | Unit | What is counted |
            |---|---|---|

            """);
        text.AppendJoin("", RunCounter.All.OrderBy(counter => counter.Name, StringComparer.Ordinal)
            .Select(counter => $"| `{counter.Name}{(counter.IsForEachHost ? ":host" : "")}` | {counter.Unit} | {counter.Meaning} |\n"));

        GeneratedPage.Verify("counters.md", text.ToString(), UpdateVariable);
    }

    [GeneratedRegex(@"(Run|Cluster)Counter\.(?<counter>\w+)")]
    private static partial Regex Use();

    [GeneratedRegex(@"(\[\$?""(?<name>[a-z_]+)[^\]]*\] =|[Cc]ounters(\[|\.\w+\()\$?""(?<name>[a-z_]+))")]
    private static partial Regex Literal();
}
