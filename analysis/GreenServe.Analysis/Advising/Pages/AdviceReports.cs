using System.Globalization;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Reports;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The advices that a report of run records links to.</summary>
public static class AdviceReports
{
    private const string NumberedFolder = "advice-";

    /// <summary>
    /// Writes the page of every <c>advice.json</c> in or below some folders, with a copy of the file: into the output folder where there is
    /// one, and into its folders <c>advice-1</c>, <c>advice-2</c> and so on where there are several.
    /// </summary>
    /// <param name="folders">Folders with run records, or folders above them.</param>
    /// <param name="outputFolder">Folder of the report; made if missing.</param>
    /// <exception cref="InvalidInputException">A file holds no advice.</exception>
    public static void Write(IEnumerable<string> folders, string outputFolder)
    {
        string output = Path.GetFullPath(outputFolder);
        string[] files =
        [
            .. folders.Select(Path.GetFullPath).Where(Directory.Exists)
                .SelectMany(folder => FilesIn(folder, AdviceDocument.FileName))
                .Where(file => !IsCopy(file, output)).Distinct().Order(StringComparer.Ordinal),
        ];
        foreach ((int index, AdviceDocument document) in files.Select(AdviceDocument.Read).Index())
        {
            string folder = files.Length == 1
                ? output
                : Path.Combine(output, NumberedFolder + (index + 1).ToString(CultureInfo.InvariantCulture));
            AdvicePage.Write(document, folder);
            document.Write(Path.Combine(folder, AdviceDocument.FileName));
        }
    }

    /// <summary>Whether there is an advice in or below a folder, and no run record.</summary>
    /// <param name="folder">The folder, which may be missing.</param>
    public static bool IsWithoutRecords(string folder) => Directory.Exists(folder)
        && FilesIn(folder, AdviceDocument.FileName).Any()
        && !FilesIn(folder, RunFiles.Manifest).Any();

    /// <summary>The pages of advices in an output folder.</summary>
    internal static IReadOnlyList<AdviceLink> LinksOf(string outputFolder) =>
    [
        .. Directory.EnumerateDirectories(outputFolder, $"{NumberedFolder}*").Order(StringComparer.Ordinal).Prepend(outputFolder)
            .Where(folder => File.Exists(Path.Combine(folder, AdviceDocument.FileName))
                && File.Exists(Path.Combine(folder, AdvicePage.FileName)))
            .Select(folder => LinkOf(
                AdviceDocument.Read(Path.Combine(folder, AdviceDocument.FileName)),
                folder == outputFolder ? AdvicePage.FileName : $"{Path.GetFileName(folder)}/{AdvicePage.FileName}")),
    ];

    private static AdviceLink LinkOf(AdviceDocument document, string address)
    {
        AdvisedSetting? shown = AdviceText.Shown(document);
        EvidenceKind evidence = shown?.Evidence ?? EvidenceKind.Simulated;
        return new AdviceLink(new Headline(EnumText.Of(evidence), AdvicePageText.Headline(document)), address);
    }

    private static IEnumerable<string> FilesIn(string folder, string name) =>
        Directory.EnumerateFiles(folder, name, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    /// <summary>Whether a file was written by an earlier report into one of its own folders.</summary>
    private static bool IsCopy(string file, string output) =>
        Path.GetDirectoryName(file) is { } folder && Path.GetDirectoryName(folder) == output
        && Path.GetFileName(folder).StartsWith(NumberedFolder, StringComparison.Ordinal);
}
