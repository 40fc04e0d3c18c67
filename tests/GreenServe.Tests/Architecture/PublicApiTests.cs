using System.Reflection;
using GreenServe.Tests.Fixtures;
using PublicApiGenerator;

namespace GreenServe.Tests.Architecture;

/// <summary>
/// What each library offers to others, as agreed in <c>PublicApiTests.LIBRARY.verified.txt</c>. A change there is a change that users of
/// the library see: it belongs into the changelog.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        ExcludeAttributes =
        [
            "System.Runtime.CompilerServices.CompilerGeneratedAttribute",
            "System.Text.RegularExpressions.Generated.GeneratedRegexAttribute",
        ],
    };

    public static TheoryData<string> Libraries =>
    [
        "GreenServe.Records", "GreenServe.Workloads", "GreenServe.Serving", "GreenServe.Metering", "GreenServe.Simulation",
        "GreenServe.Running", "GreenServe.Analysis",
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void PublicApi_IsAsAgreed(string library) =>
        Snapshot.Verify(Assembly.Load(library).GeneratePublicApi(Options), method: library);
}
