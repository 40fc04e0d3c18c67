using GreenServe.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis;

public sealed class GalleryTests
{
    public static TheoryData<string> Artifacts => [.. ArtifactCatalogue.All.Select(artifact => artifact.Name)];

    [Theory]
    [MemberData(nameof(Artifacts))]
    public void Write_MakesEveryFile_ForEachArtifact(string name)
    {
        using TemporaryFolder folder = new();
        string records = Directory.CreateDirectory(folder.PathOf("records")).FullName;
        foreach ((int index, SyntheticRun run) in SyntheticGrids.Of(name).Index())
        {
            run.Write(Path.Combine(records, $"{index:0000}"));
        }

        string output = Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") ?? Directory.CreateDirectory(folder.PathOf("artifacts")).FullName;
        ArtifactCaption caption = ArtifactWriter.Write(ArtifactCatalogue.Find(name)!, ExperimentRun.ReadAll([records]), output);

        Assert.All(caption.Tables.Concat([$"{name}.png", $"{name}.svg", $"{name}.json", $"{name}.md"]),
            file => Assert.True(new FileInfo(Path.Combine(output, file)).Length > 0, file));
    }
}
