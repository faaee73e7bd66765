using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Runtime;

/// <summary>Makes the class of a grain interface's references: each method packs its arguments and calls one of <see cref="GrainReference"/>.</summary>
internal static class ProxyFactory
{
    private static readonly Type[] ConstructorParameters = [typeof(SiloRuntime), typeof(GrainId), typeof(GrainClass), typeof(GrainInterface)];
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Opened = [];
    private static readonly AssemblyBuilder Dynamic =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OrleansBackup.BundledRuntime.Proxies"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder Module = Dynamic.DefineDynamicModule("Proxies");
    private static readonly ConstructorInfo OpenAttribute = DefineOpenAttribute();

    internal static Func<SiloRuntime, GrainId, GrainClass, GrainInterface, GrainReference> Build(Type contract, MethodInfo[] methods)
    {
        lock (Gate)
        {
            Open(typeof(GrainReference).Assembly);
            OpenAll(contract);
            var type = Module.DefineType($"Proxies.{contract.FullName}", TypeAttributes.Sealed | TypeAttributes.Public, typeof(GrainReference), [contract]);
            DefineConstructor(type);
            for (var i = 0; i < methods.Length; i++)
                DefineMethod(type, methods[i], i);
            var parameters = ConstructorParameters.Select(Expression.Parameter).ToArray();
            var create = Expression.New(type.CreateType().GetConstructor(ConstructorParameters)!, parameters);
            return Expression.Lambda<Func<SiloRuntime, GrainId, GrainClass, GrainInterface, GrainReference>>(create, parameters).Compile();
        }
    }

    private static void DefineConstructor(TypeBuilder type)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, ConstructorParameters);
        var code = constructor.GetILGenerator();
        for (var i = 0; i <= ConstructorParameters.Length; i++)
            code.Emit(OpCodes.Ldarg, i);
        code.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, ConstructorParameters)!);
        code.Emit(OpCodes.Ret);
    }

    private static void DefineMethod(TypeBuilder type, MethodInfo method, int index)
    {
        if (method.IsGenericMethodDefinition)
            throw new NotSupportedException($"{method.DeclaringType}.{method.Name} is generic, which this engine does not call.");
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        if (parameters.Any(parameter => parameter.IsByRef))
            throw new NotSupportedException($"{method.DeclaringType}.{method.Name} has a parameter by reference, which cannot cross to a grain.");
        foreach (var used in parameters.Append(method.ReturnType))
            OpenAll(used);
        var proxy = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType, parameters);
        var code = proxy.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, index);
        for (var i = 1; i <= parameters.Length; i++)
            code.Emit(OpCodes.Ldarg, i);
        var tuple = Pack(code, parameters);
        code.Emit(OpCodes.Call, Target(method, tuple));
        code.Emit(OpCodes.Ret);
        type.DefineMethodOverride(proxy, method);
    }

    /// <summary>All arguments are on the stack: makes the tuple of them, inner ones first.</summary>
    private static Type Pack(ILGenerator code, Type[] parameters)
    {
        var tuple = ArgumentTuple.TypeFor(parameters);
        if (parameters.Length == 0)
        {
            var empty = code.DeclareLocal(tuple);
            code.Emit(OpCodes.Ldloca, empty);
            code.Emit(OpCodes.Initobj, tuple);
            code.Emit(OpCodes.Ldloc, empty);
            return tuple;
        }
        var nesting = new Stack<Type>();
        for (var level = tuple; ; level = level.GetGenericArguments()[^1])
        {
            nesting.Push(level);
            if (level.GetGenericArguments().Length <= ArgumentTuple.Flat)
                break;
        }
        foreach (var level in nesting)
            code.Emit(OpCodes.Newobj, level.GetConstructor(level.GetGenericArguments())!);
        return tuple;
    }

    private static MethodInfo Target(MethodInfo method, Type tuple)
    {
        var result = method.ReturnType;
        var generic = result.IsGenericType ? result.GetGenericTypeDefinition() : null;
        if (result == typeof(void))
            return Find(nameof(GrainReference.Post), tuple);
        if (result == typeof(Task))
            return Find(nameof(GrainReference.Call), tuple);
        if (result == typeof(ValueTask))
            return Find(nameof(GrainReference.ValueCall), tuple);
        if (generic == typeof(Task<>))
            return Find(nameof(GrainReference.Call), tuple, result.GetGenericArguments()[0]);
        if (generic == typeof(ValueTask<>))
            return Find(nameof(GrainReference.ValueCall), tuple, result.GetGenericArguments()[0]);
        if (generic == typeof(IAsyncEnumerable<>))
            return Find(nameof(GrainReference.Stream), tuple, result.GetGenericArguments()[0]);
        throw new NotSupportedException(
            $"{method.DeclaringType}.{method.Name} returns {result}; a grain method returns a task, a value task or an async stream.");
    }

    private static MethodInfo Find(string name, params Type[] types) => typeof(GrainReference)
        .GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(method => method.Name == name && method.GetGenericArguments().Length == types.Length)
        .MakeGenericMethod(types);

    /// <summary>Lets the proxies see internal types: grain interfaces and their arguments need not be public.</summary>
    private static void OpenAll(Type type)
    {
        Open(type.Assembly);
        if (type.HasElementType)
            OpenAll(type.GetElementType()!);
        foreach (var argument in type.GetGenericArguments())
            OpenAll(argument);
        if (type.IsInterface)
        {
            foreach (var part in type.GetInterfaces())
                Open(part.Assembly);
        }
    }

    private static void Open(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (Opened.Add(name))
            Dynamic.SetCustomAttribute(new CustomAttributeBuilder(OpenAttribute, [name]));
    }

    /// <summary>The runtime knows this attribute by its name and has no type of its own for it.</summary>
    private static ConstructorInfo DefineOpenAttribute()
    {
        var type = Module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public, typeof(Attribute));
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(string)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }
}
