using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The types that say themselves how they are copied, with <see cref="GenerateSerializerAttribute"/>.</summary>
internal static class AnnotatedCopiers
{
    internal static Copier? Find(Type type)
    {
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), false))
            return null;
        if (type.IsDefined(typeof(ImmutableAttribute), false))
        {
            foreach (var member in CopiedMember.Annotated(type))
                Copiers.OfPart(member.Field.FieldType); // shared here, but it must be able to cross elsewhere
            return type.IsSealed || type.IsValueType
                ? Copiers.Sharing(type)
                : (Copier)Activator.CreateInstance(typeof(ImmutableBaseCopier<>).MakeGenericType(type))!;
        }
        return MemberCopiers.Make(type, CopiedMember.Annotated(type));
    }
}

/// <summary>An immutable class that others derive from: its own values are shared, theirs are copied as they say.</summary>
internal sealed class ImmutableBaseCopier<T> : ReferenceCopier<T>
    where T : class
{
    protected override T CopyNew(T value, CopyContext context) => value;
}
