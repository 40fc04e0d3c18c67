using System.Text.Json.Nodes;
using GreenServe.Records.Tables;

namespace GreenServe.Tests.Fixtures;

/// <summary>Run records that a test changes after their run. Such a record no longer states how many rows its run wrote.</summary>
internal static class EditedRecord
{
    /// <summary>Removes the sizes of the tables from the manifest, as in records of earlier versions.</summary>
    internal static void ForgetSizes(string record)
    {
        string path = Path.Combine(record, RunFiles.Manifest);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest.Remove("tables");
        File.WriteAllText(path, manifest.ToJsonString());
    }

    /// <summary>Removes a table, as if the run had never had it.</summary>
    internal static void RemoveTable(string record, string file)
    {
        ForgetSizes(record);
        File.Delete(Path.Combine(record, file));
    }
}
