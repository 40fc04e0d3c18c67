using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace GreenServe.Records.Documents;

/// <summary>The JSON schema of a document type, from the same contract that binds it.</summary>
public static class DocumentSchema
{
    /// <summary>A JSON schema (draft 2020-12) with descriptions and ranges, ending in a line feed.</summary>
    public static string Of<T>()
    {
        JsonSchemaExporterOptions exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Annotate };
        JsonNode schema = DocumentContract.Options.GetJsonSchemaAsNode(typeof(T), exporter);
        schema.AsObject().Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema.ToJsonString(DocumentContract.Indented) + "\n";
    }

    private static JsonNode Annotate(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node)
        {
            return schema;
        }

        ICustomAttributeProvider? attributes = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (attributes.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).FirstOrDefault() is DescriptionAttribute text)
        {
            node.Insert(0, "description", text.Description);
        }

        if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(RangeAttribute), inherit: true).FirstOrDefault() is RangeAttribute range)
        {
            // The items of a list carry the range, as they do when it is bound.
            JsonObject target = node["items"] as JsonObject ?? node;
            (double low, double high) = ScalarRule.Bounds(range);
            AddBound(target, low, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum");
            AddBound(target, high, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum");
        }

        return node;
    }

    private static void AddBound(JsonObject node, double bound, string keyword)
    {
        if (double.IsFinite(bound))
        {
            node[keyword] = bound;
        }
    }
}
