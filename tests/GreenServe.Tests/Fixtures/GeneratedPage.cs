namespace GreenServe.Tests.Fixtures;

/// <summary>A page of <c>docs</c> that a registry in the source writes, so that the two cannot differ.</summary>
internal static class GeneratedPage
{
    /// <summary>Compares the page with what the source says.</summary>
    /// <param name="name">File name in <c>docs</c>.</param>
    /// <param name="text">What the source says.</param>
    /// <param name="updateVariable">Environment variable that, at 1, has the page written instead.</param>
    internal static void Verify(string name, string text, string updateVariable)
    {
        string path = Repository.PathOf("docs", name);
        string page = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(updateVariable) == "1")
        {
            File.WriteAllText(path, page);
        }

        bool isSame = File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == page;

        Assert.True(isSame, $"{path} is not what the source says. To write it: {updateVariable}=1 dotnet test tests/GreenServe.Tests");
    }
}
