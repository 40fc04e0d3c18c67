using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace GreenServe.Tests.Architecture;

/// <summary>
/// Which types of an assembly use which others of it, read from the compiled file: base types, interfaces, signatures, attributes and
/// the instructions of every method. No alias, global using or qualified name can hide a use there.
/// </summary>
internal sealed class TypeReferences
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];
    private readonly MetadataReader reader;
    private readonly PEReader file;
    private readonly HashSet<(TypeDefinitionHandle From, TypeDefinitionHandle To)> uses = [];
    private readonly UsedTypes used;

    static TypeReferences()
    {
        foreach (System.Reflection.FieldInfo field in typeof(OpCodes).GetFields())
        {
            OpCode code = (OpCode)field.GetValue(null)!;
            (code.Size == 1 ? OneByte : TwoBytes)[code.Value & 0xff] = code;
        }
    }

    private TypeReferences(PEReader file)
    {
        this.file = file;
        reader = file.GetMetadataReader();
        used = new UsedTypes(reader);
    }

    /// <summary>Every use of one top-level type by another, as (namespace, type) pairs. Types that the compiler makes count for the type that they serve.</summary>
    internal static IReadOnlyList<TypeUse> Of(string assemblyPath)
    {
        using PEReader file = new(File.OpenRead(assemblyPath));
        TypeReferences references = new(file);
        foreach (TypeDefinitionHandle handle in references.reader.TypeDefinitions)
        {
            references.Visit(handle);
        }

        return [.. references.uses.Select(pair => new TypeUse(references.NameOf(pair.From), references.NameOf(pair.To)))
            .Where(use => use.From.Namespace.Length > 0 && use.To.Namespace.Length > 0)];
    }

    private void Visit(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        used.Clear();
        used.Add(type.BaseType);
        AddAll(type.GetInterfaceImplementations().Select(item => reader.GetInterfaceImplementation(item).Interface));
        AddAttributes(type.GetCustomAttributes());
        AddConstraints(type.GetGenericParameters());
        foreach (FieldDefinition field in type.GetFields().Select(reader.GetFieldDefinition))
        {
            field.DecodeSignature(used, null);
            AddAttributes(field.GetCustomAttributes());
        }

        foreach (MethodDefinition method in type.GetMethods().Select(reader.GetMethodDefinition))
        {
            method.DecodeSignature(used, null);
            AddAttributes(method.GetCustomAttributes());
            AddConstraints(method.GetGenericParameters());
            VisitBody(method);
        }

        TypeDefinitionHandle from = used.TopOf(handle);
        uses.UnionWith(used.Handles.Select(used.TopOf).Where(to => to != from).Select(to => (from, to)));
    }

    private void VisitBody(MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(used, null);
        }

        AddAll(body.ExceptionRegions.Select(region => region.CatchType));
        BlobReader code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            OpCode operation = first == 0xfe ? TwoBytes[code.ReadByte()] : OneByte[first];
            ReadOperand(operation.OperandType, ref code);
        }
    }

    private void ReadOperand(OperandType kind, ref BlobReader code)
    {
        switch (kind)
        {
            case OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok:
                used.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                break;
            case OperandType.InlineSwitch:
                int targets = code.ReadInt32();
                code.Offset += sizeof(int) * targets;
                break;
            default:
                code.Offset += kind switch
                {
                    OperandType.InlineNone => 0,
                    OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    _ => 4,
                };
                break;
        }
    }

    private void AddAll(IEnumerable<EntityHandle> handles)
    {
        foreach (EntityHandle handle in handles)
        {
            used.Add(handle);
        }
    }

    private void AddAttributes(CustomAttributeHandleCollection attributes) =>
        AddAll(attributes.Select(item => reader.GetCustomAttribute(item).Constructor));

    private void AddConstraints(GenericParameterHandleCollection parameters) => AddAll(parameters
        .SelectMany(item => reader.GetGenericParameter(item).GetConstraints())
        .Select(item => reader.GetGenericParameterConstraint(item).Type));

    private TypeName NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return new TypeName(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }
}

/// <summary>A top-level type.</summary>
internal sealed record TypeName(string Namespace, string Name);

/// <summary>One type uses another of the same assembly.</summary>
internal sealed record TypeUse(TypeName From, TypeName To);
