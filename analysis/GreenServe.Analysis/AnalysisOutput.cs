using GreenServe.Analysis.Advising.Pages;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis;

/// <summary>Writes the results of an analysis: run records become artifacts, and artifacts become claims and a report.</summary>
public static class AnalysisOutput
{
    /// <summary>Reads every record in or below some folders that can be read.</summary>
    /// <param name="recordFolders">Folders with run records.</param>
    /// <param name="prices">What energy and accelerators are priced by; <c>null</c> leaves carbon and cost out.</param>
    /// <exception cref="InvalidInputException">A folder holds no record, or none of the records can be read.</exception>
    public static RecordBatch<ExperimentRun> ReadRuns(IEnumerable<string> recordFolders, PriceList? prices = null) => RecordBatch.Of(
        RecordSearch.In(recordFolders), folder => RecordedArtifact.Require(ExperimentRun.Read(folder, prices)), isParallel: true);

    /// <summary>
    /// Writes the artifact of each experiment, and table and figures of the runs that belong to none.
    /// </summary>
    /// <param name="runs">The runs, as <see cref="ReadRuns"/> reads them.</param>
    /// <param name="outputFolder">
    /// Where to write, into <see cref="ArtifactCaption.Folder"/>; made if missing. Other artifacts there stay.
    /// </param>
    /// <returns>The captions of the artifacts written.</returns>
    public static IReadOnlyList<ArtifactCaption> WriteArtifacts(IReadOnlyList<ExperimentRun> runs, string outputFolder)
    {
        RecordedArtifact[] artifacts = [.. RecordedArtifact.AllOf(runs)];
        string folder = Path.Combine(outputFolder, ArtifactCaption.Folder);
        OutputFolder.Create(folder);
        List<ArtifactCaption> captions = [];
        foreach (RecordedArtifact artifact in artifacts)
        {
            captions.Add(ArtifactWriter.Write(artifact.Artifact, artifact.Runs, folder));
            WritePercentiles(artifact.Artifact.Name, artifact.Runs, folder);
        }

        ExperimentRun[] single = [.. runs.Where(run => RecordedArtifact.NameOf(run) is null)];
        if (single.Length > 0)
        {
            ArtifactWriter.WriteRuns(single, folder);
            WritePercentiles(RunsTable.Name, single, folder);
        }

        return captions;
    }

    /// <summary>
    /// Holds claims against the artifacts of an output folder and writes <c>claims.csv</c>, <c>answers.csv</c>, <c>settings.csv</c>,
    /// <c>index.md</c> and the
    /// report <c>index.html</c>, which links to the pages of the advices that the folder holds.
    /// </summary>
    /// <param name="claimsFolder">Folder of claim files; <c>null</c> for a report without claims.</param>
    /// <param name="outputFolder">An output folder that <see cref="WriteArtifacts"/> has written to.</param>
    /// <param name="findings">
    /// What the command that made the records found, most important first. The report begins with it. <c>null</c> for nothing.
    /// </param>
    /// <returns>Every claim's result for each evidence kind.</returns>
    /// <exception cref="InvalidInputException">
    /// A claim file or an artifact is wrong, or the table of an artifact lacks a column that the report reads.
    /// </exception>
    public static IReadOnlyList<ClaimResult> WriteReport(
        string? claimsFolder, string outputFolder, IReadOnlyList<Headline>? findings = null)
    {
        string folder = Path.Combine(outputFolder, ArtifactCaption.Folder);
        OutputFolder.Create(folder);
        IReadOnlyList<Claim> claims = claimsFolder is null ? [] : ClaimFile.ReadAll(claimsFolder);
        IReadOnlyList<ArtifactCaption> captions = ReadCaptions(folder);
        Dictionary<string, ResultTable> tables = captions.SelectMany(caption => caption.Tables).Distinct()
            .ToDictionary(file => file, file => ReadTable(Path.Combine(folder, file), captions));
        IReadOnlyList<ClaimResult> results = ClaimEvaluator.Evaluate(claims, [.. tables.Values]);
        ReportContent content = new()
        {
            Captions = captions,
            Tables = tables,
            Pictures = captions.Select(caption => (caption.Name, Path: Path.Combine(folder, $"{caption.Name}.svg")))
                .Where(picture => File.Exists(picture.Path))
                .ToDictionary(picture => picture.Name, picture => InputFile.ReadText(picture.Path)),
            Files = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).ToHashSet(),
            Claims = results,
            Answers = Answer.AllOf(captions.Select(MainTableOf).OfType<string>().Select(file => tables[file])),
            Findings = findings ?? [],
            Advices = AdviceReports.LinksOf(outputFolder),
        };
        TableFile.Write(Path.Combine(outputFolder, $"{ClaimTable.Name}.csv"), ClaimTable.Of(results));
        TableFile.Write(Path.Combine(outputFolder, $"{AnswerTable.Name}.csv"), AnswerTable.Of(content.Answers));
        TableFile.Write(Path.Combine(outputFolder, $"{SettingTable.Name}.csv"), SettingTable.Of(content.Answers));
        OutputFile.Replace(Path.Combine(outputFolder, "index.md"), MarkdownReport.Of(content));
        OutputFile.Replace(Path.Combine(outputFolder, "index.html"), HtmlReport.Of(content));
        return results;
    }

    /// <summary>
    /// Whether an output folder holds simulated numbers and not yet the artifact <see cref="PredictionArtifact.Name"/>, which says how
    /// wrong they may be.
    /// </summary>
    /// <param name="outputFolder">An output folder that <see cref="WriteArtifacts"/> has written to.</param>
    /// <exception cref="InvalidInputException">An artifact is wrong.</exception>
    public static bool LacksSimulatorErrors(string outputFolder)
    {
        IReadOnlyList<ArtifactCaption> captions = ReadCaptions(Path.Combine(outputFolder, ArtifactCaption.Folder));
        return captions.Any(caption => caption.Evidence.Contains(EnumText.Of(EvidenceKind.Simulated)))
            && captions.All(caption => caption.Name != PredictionArtifact.Name);
    }

    private static void WritePercentiles(string name, IReadOnlyList<ExperimentRun> runs, string folder) =>
        TableFile.Write(Path.Combine(folder, $"{name}-percentiles.csv"), PercentileTable.Of($"{name}-percentiles", runs));

    /// <summary>The table of an artifact. The report reads the columns that every grid has; those of other tables it only shows.</summary>
    private static ResultTable ReadTable(string path, IReadOnlyList<ArtifactCaption> captions)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        bool isGrid = ArtifactCatalog.Find(name) is not null
            || captions.Any(caption => caption.Name == name && ArtifactCatalog.IsOfGrid(caption));
        return TableFile.Read(path, isGrid ? GridColumns.All : []);
    }

    /// <summary>The file of an artifact's own table; <c>null</c> for a companion, which has that of another artifact.</summary>
    private static string? MainTableOf(ArtifactCaption caption) =>
        caption.Tables is [var first, ..] && first == $"{caption.Name}.csv" ? first : null;

    /// <summary>The captions of a folder, in the order of reports.</summary>
    private static ArtifactCaption[] ReadCaptions(string folder)
    {
        List<ArtifactCaption> captions = [];
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        foreach (string path in files.Order(StringComparer.Ordinal))
        {
            // Files of other names are not the suite's.
            string name = Path.GetFileNameWithoutExtension(path);
            if (ArtifactCatalog.ReportOrder.Contains(name) || GridNames.IsFileName(name))
            {
                ArtifactCaption caption = ReadCaption(path);
                RequireOwnFiles(caption, name, path);
                captions.Add(caption);
            }
        }

        return [.. ArtifactCatalog.InOrder(captions)];
    }

    private static ArtifactCaption ReadCaption(string path)
    {
        try
        {
            return DocumentTree.ReadJson(path).BindWritten<ArtifactCaption>();
        }
        catch (InvalidInputException exception)
        {
            // What is wrong with the file as a whole is said in words that tell what it should be.
            throw new InvalidInputException(exception.Problems.Select(
                problem => problem.Place == "$" ? problem with { Allowed = "an artifact caption" } : problem));
        }
    }

    // A caption is read back from disk: it may only name files beside itself.
    private static void RequireOwnFiles(ArtifactCaption caption, string name, string path)
    {
        Problem[] problems = [.. caption.Tables.Append(caption.Name).Where(file => file != Path.GetFileName(file) || file.Length == 0)
            .Select(file => new Problem("$.tables", file, "the name of a file in the same folder", path))];
        if (problems.Length > 0 || caption.Name != name)
        {
            throw new InvalidInputException(problems.Length > 0 ? problems : [new Problem("$.name", caption.Name, name, path)]);
        }
    }
}
