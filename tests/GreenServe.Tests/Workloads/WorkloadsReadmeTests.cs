using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads;

public sealed partial class WorkloadsReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("workloads", "README.md"));

    [Fact]
    public void Example_IsAWorkload()
    {
        Workload workload = Samples.Parse(YamlBlock().Match(Text).Groups[1].Value);

        Assert.NotEmpty(RequestSchedule.For(workload).Requests);
    }

    [Theory]
    [InlineData(typeof(ArrivalProcess))]
    [InlineData(typeof(LengthModel))]
    [InlineData(typeof(LengthDistribution))]
    public void Tables_NameEveryKind(Type type)
    {
        IEnumerable<string> kinds = type.GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
            .Select(attribute => (string)((JsonDerivedTypeAttribute)attribute).TypeDiscriminator!);

        Assert.All(kinds, kind => Assert.Contains($"`{kind}`", Text, StringComparison.Ordinal));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
