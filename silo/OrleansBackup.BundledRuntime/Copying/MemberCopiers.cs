using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

internal delegate void MembersCopy<T>(ref T source, ref T target, CopyContext context);

/// <summary>Copiers that go member by member, compiled once per type.</summary>
internal static class MemberCopiers
{
    private static readonly MethodInfo GetCopier = typeof(Copiers).GetMethod(nameof(Copiers.Get), BindingFlags.Static | BindingFlags.NonPublic)!;

    internal static Copier Make(Type type, List<CopiedMember> members)
    {
        var shared = true;
        var plan = new List<(FieldInfo Field, bool Share)>(members.Count);
        foreach (var (field, isImmutable) in members)
        {
            // A type that is being made further up is not known to be unchanging, so it is copied.
            var share = Copiers.OfPart(field.FieldType) is { SharesValues: true } || isImmutable;
            shared &= share && (type.IsValueType || field.IsInitOnly);
            plan.Add((field, share));
        }
        // With every field a member that never changes, a value of this type is as good as a copy of it.
        if (shared && (type.IsValueType || type.IsSealed) && CopiedMember.FieldsOf(type).Count() == members.Count)
            return Copiers.Sharing(type);
        var definition = type.IsValueType ? typeof(StructCopier<>) : typeof(ObjectCopier<>);
        return (Copier)Activator.CreateInstance(
            definition.MakeGenericType(type), BindingFlags.Instance | BindingFlags.Public, null, [Compile(type, plan)], null)!;
    }

    private static Delegate Compile(Type type, List<(FieldInfo Field, bool Share)> plan)
    {
        var reference = type.MakeByRefType();
        var method = new DynamicMethod($"Copy {type}", typeof(void), [reference, reference, typeof(CopyContext)], typeof(MemberCopiers).Module, skipVisibility: true);
        var code = method.GetILGenerator();
        foreach (var (field, share) in plan)
        {
            LoadOwner(code, OpCodes.Ldarg_1, type);
            if (!share)
                code.Emit(OpCodes.Call, GetCopier.MakeGenericMethod(field.FieldType));
            LoadOwner(code, OpCodes.Ldarg_0, type);
            code.Emit(OpCodes.Ldfld, field);
            if (!share)
            {
                code.Emit(OpCodes.Ldarg_2);
                code.Emit(OpCodes.Callvirt, typeof(Copier<>).MakeGenericType(field.FieldType).GetMethod(nameof(Copier<object>.Copy))!);
            }
            code.Emit(OpCodes.Stfld, field);
        }
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate(typeof(MembersCopy<>).MakeGenericType(type));
    }

    private static void LoadOwner(ILGenerator code, OpCode argument, Type type)
    {
        code.Emit(argument);
        if (!type.IsValueType)
            code.Emit(OpCodes.Ldind_Ref);
    }
}

internal sealed class StructCopier<T>(MembersCopy<T> copyMembers) : Copier<T>
    where T : struct
{
    public override T Copy(T value, CopyContext context)
    {
        var copy = default(T);
        copyMembers(ref value, ref copy, context);
        return copy;
    }
}

internal sealed class ObjectCopier<T>(MembersCopy<T> copyMembers) : ReferenceCopier<T>
    where T : class
{
    private static readonly Func<T> Create = Creator();

    protected override T CopyNew(T value, CopyContext context)
    {
        var copy = Create();
        context.Keep(value, copy);
        copyMembers(ref value, ref copy, context);
        return copy;
    }

    /// <summary>By its constructor without parameters, if it has one, so that members without an id have their initial values.</summary>
    private static Func<T> Creator() => typeof(T).GetConstructor(BindingFlags.Instance | BindingFlags.Public, []) is { } constructor
        ? Expression.Lambda<Func<T>>(Expression.New(constructor)).Compile()
        : static () => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}
