namespace GreenServe.Tests.Architecture;

/// <summary>Namespaces of a project use each other in one direction, so that a reader can begin at one end.</summary>
public sealed class NamespaceCycleTests
{
    public static TheoryData<string> Assemblies =>
    [
        "GreenServe.Records", "GreenServe.Workloads", "GreenServe.Metering", "GreenServe.Simulation", "GreenServe.Serving",
        "GreenServe.Engine", "greenserve-engine", "GreenServe.Running", "GreenServe.Search", "GreenServe.Watching",
        "GreenServe.Analysis", "greenserve",
    ];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Namespaces_UseEachOtherInOneDirection(string assembly)
    {
        IReadOnlyList<TypeUse> uses = TypeReferences.Of(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));

        Assert.True(uses.Count > 0, "No use was found: the assembly was not read.");
        Assert.Equal("", NamespaceCycle.Describe(uses));
    }

    [Fact]
    public void Describe_NamesTheCycleAndTheTypesThatCloseIt_WhenTwoNamespacesUseEachOther()
    {
        TypeUse there = new(new TypeName("A", "First"), new TypeName("B", "Second"));
        TypeUse back = new(new TypeName("B", "Third"), new TypeName("A", "First"));

        string cycle = NamespaceCycle.Describe([there, back]);

        Assert.Equal("A -> B (First uses Second), B -> A (Third uses First)", cycle);
    }

    [Fact]
    public void Describe_FindsNothing_WhenUsesFormADiamond()
    {
        TypeUse[] uses =
        [
            new(new TypeName("Top", "T"), new TypeName("Left", "L")), new(new TypeName("Top", "T"), new TypeName("Right", "R")),
            new(new TypeName("Left", "L"), new TypeName("Bottom", "B")), new(new TypeName("Right", "R"), new TypeName("Bottom", "B")),
        ];

        Assert.Equal("", NamespaceCycle.Describe(uses));
    }
}
