using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace GreenServe.Records.Documents;

/// <summary>Derives the JSON schema of a document type from the same contract that binds documents to it.</summary>
public static class DocumentSchema
{
    /// <summary>
    /// The JSON schema of a type (draft 2020-12) as indented text, with descriptions and ranges. The text ends in a line feed.
    /// </summary>
    public static string Of<T>()
    {
        JsonSchemaExporterOptions exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Annotate };
        JsonNode schema = DocumentContract.Options.GetJsonSchemaAsNode(typeof(T), exporter);
        WidenConstants(schema);
        schema.AsObject().Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema.ToJsonString(DocumentContract.Indented) + "\n";
    }

    /// <summary>Replaces each constant by an enumeration of one value. Validators of older drafts ignore a constant.</summary>
    private static void WidenConstants(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                if (mapping["const"] is JsonValue constant)
                {
                    mapping.Remove("const");
                    mapping["enum"] = new JsonArray(constant);
                }

                foreach ((_, JsonNode? child) in mapping)
                {
                    WidenConstants(child);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? child in list)
                {
                    WidenConstants(child);
                }

                break;
        }
    }

    private static JsonObject Annotate(JsonSchemaExporterContext context, JsonNode schema)
    {
        ICustomAttributeProvider attributes = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (schema is not JsonObject node)
        {
            // The schema of a free-form value is "true", which cannot carry a description.
            node = schema.GetValueKind() == JsonValueKind.True
                ? []
                : throw new NotSupportedException($"No schema for {context.TypeInfo.Type}.");
        }

        if (node["properties"] is JsonObject properties)
        {
            foreach (JsonPropertyInfo property in context.TypeInfo.Properties.Where(property => !DocumentValidator.CanBeGiven(property)))
            {
                properties.Remove(property.Name);
            }
        }

        if (attributes.IsDefined(typeof(ByNameAttribute), inherit: true))
        {
            node = node.Count == 0
                ? new JsonObject { ["type"] = new JsonArray("string", "object") }
                : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, node) };
        }

        if (DescriptionOf(attributes) is { } description)
        {
            node.Insert(0, "description", description);
        }

        if (attributes.GetCustomAttributes(typeof(RangeAttribute), inherit: true).FirstOrDefault() is RangeAttribute range)
        {
            // The range of a list holds for its items, as it does when the list is bound.
            JsonObject target = node["items"] as JsonObject ?? node;
            (double low, double high) = ScalarRule.Bounds(range);
            AddBound(target, low, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum");
            AddBound(target, high, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum");
        }

        return node;
    }

    /// <summary>The description of a member, which is its summary in the source.</summary>
    private static string? DescriptionOf(ICustomAttributeProvider member) =>
        member is MemberInfo documented ? MemberSummary.Of(documented) : null;

    private static void AddBound(JsonObject node, double bound, string keyword)
    {
        if (double.IsFinite(bound))
        {
            node[keyword] = bound;
        }
    }
}
