using GreenServe.Records;

namespace GreenServe.Tests.Records;

public sealed class ScratchFolderTests
{
    [Fact]
    public void Create_RemovesWhatADeadProcessLeft_AndNothingOfALivingOne()
    {
        // What a killed process leaves: its claim is there and nobody locks it any more.
        string abandoned = Directory.CreateTempSubdirectory("greenserve-scratch-test-").FullName;
        File.WriteAllText(Path.Combine(abandoned, "model.onnx"), "large");
        File.WriteAllText(Path.Combine(abandoned, ".greenserve-writes-here"), "\n");
        using ScratchFolder living = ScratchFolder.Create("test");
        File.WriteAllText(Path.Combine(living.Path, "steps.csv"), "mine");

        string path;
        using (ScratchFolder next = ScratchFolder.Create("test"))
        {
            path = next.Path;
            Assert.True(Directory.Exists(path));
        }

        Assert.False(Directory.Exists(abandoned));
        Assert.False(Directory.Exists(path));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(living.Path, "steps.csv")));
    }
}
