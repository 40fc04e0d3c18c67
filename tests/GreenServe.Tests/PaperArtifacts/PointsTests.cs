using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.PaperArtifacts;

/// <summary>Every file of <c>paper-artifacts/points</c> is attributed, and every attribution has its file.</summary>
public sealed partial class PointsTests
{
    private static readonly IReadOnlyList<Attribution> Attributions = ReadAttributions();

    public static TheoryData<string> Files => [.. Repository.PointsFiles.Select(path => Path.GetFileName(path))];

    [Fact]
    public void Attributions_NameTheFilesThatExist() =>
        Assert.Equal(Repository.PointsFiles.Select(Path.GetFileName), Attributions.Select(attribution => attribution.File));

    [Theory]
    [MemberData(nameof(Files))]
    public void Attribution_HasTheSourceOfEveryPoint(string file)
    {
        IReadOnlyList<MeasuredPoint> points = PointsFile.Read(Repository.PathOf("paper-artifacts", "points", file));

        string source = Assert.Single(points.Select(point => point.Source).Distinct());
        Attribution attribution = Attributions.Single(attribution => attribution.File == file);
        Assert.Equal(attribution.Source, source.Split(" @")[0]);
        Assert.Equal(attribution.Points, points.Count);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Attribution_HasAddressVersionAndLicence_OfItsSource(string file)
    {
        string source = PointsFile.Read(Repository.PathOf("paper-artifacts", "points", file))[0].Source;
        Attribution attribution = Attributions.Single(attribution => attribution.File == file);

        Assert.True(Uri.TryCreate(attribution.Address, UriKind.Absolute, out Uri? address), attribution.Address);
        Assert.Equal(Uri.UriSchemeHttps, address.Scheme);
        Assert.Contains(attribution.Version.Split(' ')[^1], source, StringComparison.Ordinal);
        Assert.NotEmpty(attribution.Licence);
        Assert.NotEmpty(attribution.Taken);

        // A source with a licence names it in each row, and the attribution says the same.
        Match licence = NamedLicence().Match(source);
        Assert.Equal(licence.Success ? licence.Groups[1].Value : "", licence.Success ? attribution.Licence.Split(',')[0] : "");
    }

    [Fact]
    public void Identifiers_AreUnique_OverAllFiles()
    {
        string[] identifiers = [.. Repository.PointsFiles.SelectMany(PointsFile.Read).Select(point => point.Id)];

        Assert.Equal(591 + 118, identifiers.Length);
        Assert.Equal(identifiers.Length, identifiers.Distinct().Count());
    }

    private static Attribution[] ReadAttributions() =>
        [.. File.ReadLines(Repository.PathOf("paper-artifacts", "points", "SOURCE.md"))
            .Where(line => line.StartsWith("| `0", StringComparison.Ordinal) || line.StartsWith("| `1", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Select(cells => new Attribution(
                cells[0].Trim('`'), cells[1], cells[2], cells[3], cells[4], int.Parse(cells[5], CultureInfo.InvariantCulture), cells[6]))];

    [GeneratedRegex(@"\((MIT|Apache-2\.0)\)$")]
    private static partial Regex NamedLicence();

    private sealed record Attribution(string File, string Source, string Address, string Version, string Licence, int Points, string Taken);
}
