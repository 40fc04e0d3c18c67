using System.Reflection;

namespace GreenServe.Tests.Architecture;

/// <summary>The directions of the data flow: measuring never imports analysis, and analysis never imports measuring.</summary>
public sealed class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["GreenServe.Records"] = [],
        ["GreenServe.Workloads"] = ["GreenServe.Records"],
        ["GreenServe.Simulation"] = ["GreenServe.Records", "GreenServe.Workloads"],
        ["GreenServe.Serving"] = ["GreenServe.Records", "GreenServe.Workloads"],
        ["GreenServe.Metering"] = ["GreenServe.Records"],
        ["GreenServe.Analysis"] = ["GreenServe.Records"],
        ["GreenServe.Engine"] = ["GreenServe.Records", "GreenServe.Simulation", "GreenServe.Workloads"],
        ["GreenServe.Running"] =
        [
            "GreenServe.Engine", "GreenServe.Metering", "GreenServe.Records", "GreenServe.Serving", "GreenServe.Simulation",
            "GreenServe.Workloads",
        ],
        ["GreenServe.Search"] =
        [
            "GreenServe.Analysis", "GreenServe.Metering", "GreenServe.Records", "GreenServe.Running", "GreenServe.Serving",
            "GreenServe.Simulation", "GreenServe.Workloads",
        ],
        ["GreenServe.Watching"] = ["GreenServe.Analysis", "GreenServe.Records", "GreenServe.Running", "GreenServe.Serving"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_ReferencesOnlyWhatItsPlaceInTheDataFlowAllows(string name)
    {
        string[] references = [.. Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("GreenServe.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

        Assert.Empty(references.Except(Allowed[name]));
    }

    [Fact]
    public void EveryLibrary_HasAPlaceInTheDataFlow()
    {
        string[] libraries = [.. Directory.GetFiles(Fixtures.Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}.build{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(path => !File.ReadAllText(path).Contains("<OutputType>Exe", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name != "GreenServe.Tests")];

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), libraries.Order(StringComparer.Ordinal));
    }
}
