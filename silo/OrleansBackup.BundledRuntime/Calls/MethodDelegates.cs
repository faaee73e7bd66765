using System.Linq.Expressions;
using System.Reflection;

namespace Orleans.Runtime;

internal delegate object? MethodInvoker<TArguments>(object grain, ref TArguments arguments);
internal delegate void ArgumentsCopier<TArguments>(ref TArguments arguments, CopyContext context);
internal delegate CancellationToken TokenReader<TArguments>(ref TArguments arguments);
internal delegate void TokenWriter<TArguments>(ref TArguments arguments, CancellationToken token);
internal delegate object? ArgumentReader<TArguments>(ref TArguments arguments, int index);
internal delegate void ArgumentWriter<TArguments>(ref TArguments arguments, int index, object? value);

/// <summary>The compiled parts of one method's calls: invoke, copy the arguments, reach the cancellation token.</summary>
/// <remarks>Arguments travel as one value tuple, so that a call needs no array, no boxing and no class per method.</remarks>
internal sealed class MethodDelegates<TArguments>
    where TArguments : struct
{
    private readonly Lazy<ArgumentReader<TArguments>> _readArgument;
    private readonly Lazy<ArgumentWriter<TArguments>> _writeArgument;

    public MethodDelegates(MethodInfo method)
    {
        var arguments = Expression.Parameter(typeof(TArguments).MakeByRefType(), "arguments");
        var parameters = method.GetParameters();
        var fields = ArgumentTuple.Fields(arguments, parameters.Length);
        Invoke = CompileInvoke(method, arguments, fields);
        Copy = CompileCopy(parameters, arguments, fields);
        var token = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        if (token >= 0)
        {
            var value = Expression.Parameter(typeof(CancellationToken), "token");
            ReadToken = Expression.Lambda<TokenReader<TArguments>>(fields[token], arguments).Compile();
            WriteToken = Expression.Lambda<TokenWriter<TArguments>>(Expression.Assign(fields[token], value), arguments, value).Compile();
        }
        _readArgument = new(() => CompileRead(arguments, fields));
        _writeArgument = new(() => CompileWrite(arguments, fields));
    }

    internal MethodInvoker<TArguments> Invoke { get; }

    /// <summary>Null where every argument may be shared.</summary>
    internal ArgumentsCopier<TArguments>? Copy { get; }

    /// <summary>Null where the method takes no token.</summary>
    internal TokenReader<TArguments>? ReadToken { get; }
    internal TokenWriter<TArguments>? WriteToken { get; }

    internal ArgumentReader<TArguments> ReadArgument => _readArgument.Value;
    internal ArgumentWriter<TArguments> WriteArgument => _writeArgument.Value;

    private static MethodInvoker<TArguments> CompileInvoke(MethodInfo method, ParameterExpression arguments, Expression[] fields)
    {
        var grain = Expression.Parameter(typeof(object), "grain");
        Expression call = Expression.Call(Expression.Convert(grain, method.DeclaringType!), method, fields);
        var result = method.ReturnType;
        if (result == typeof(void))
            call = Expression.Block(call, Expression.Constant(Task.CompletedTask, typeof(object)));
        else if (result == typeof(ValueTask) || (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            call = Expression.Call(call, result.GetMethod(nameof(ValueTask.AsTask))!);
        return Expression.Lambda<MethodInvoker<TArguments>>(Expression.Convert(call, typeof(object)), grain, arguments).Compile();
    }

    private static ArgumentsCopier<TArguments>? CompileCopy(ParameterInfo[] parameters, ParameterExpression arguments, Expression[] fields)
    {
        var context = Expression.Parameter(typeof(CopyContext), "context");
        var copies = new List<Expression>();
        foreach (var (parameter, field) in parameters.Zip(fields))
        {
            if (parameter.ParameterType == typeof(CancellationToken))
                continue;
            var copier = Copiers.Of(parameter.ParameterType); // fails here, at the first call, if it cannot be copied
            if (copier.SharesValues || parameter.IsDefined(typeof(ImmutableAttribute)))
                continue;
            var copy = copier.GetType().GetMethod(nameof(Copier<object>.Copy), [parameter.ParameterType, typeof(CopyContext)])!;
            copies.Add(Expression.Assign(field, Expression.Call(Expression.Constant(copier), copy, field, context)));
        }
        return copies.Count == 0
            ? null
            : Expression.Lambda<ArgumentsCopier<TArguments>>(Expression.Block(typeof(void), copies), arguments, context).Compile();
    }

    private static ArgumentReader<TArguments> CompileRead(ParameterExpression arguments, Expression[] fields)
    {
        var index = Expression.Parameter(typeof(int), "index");
        var cases = fields.Select((field, i) => Expression.SwitchCase(Expression.Convert(field, typeof(object)), Expression.Constant(i)));
        Expression outside = Expression.Throw(Expression.New(typeof(ArgumentOutOfRangeException)), typeof(object));
        var body = fields.Length == 0 ? outside : Expression.Switch(index, outside, cases.ToArray());
        return Expression.Lambda<ArgumentReader<TArguments>>(body, arguments, index).Compile();
    }

    private static ArgumentWriter<TArguments> CompileWrite(ParameterExpression arguments, Expression[] fields)
    {
        var index = Expression.Parameter(typeof(int), "index");
        var value = Expression.Parameter(typeof(object), "value");
        var cases = fields.Select((field, i) => Expression.SwitchCase(
            Expression.Block(typeof(void), Expression.Assign(field, Expression.Convert(value, field.Type))), Expression.Constant(i)));
        Expression outside = Expression.Throw(Expression.New(typeof(ArgumentOutOfRangeException)), typeof(void));
        var body = fields.Length == 0 ? outside : Expression.Switch(typeof(void), index, outside, null, cases);
        return Expression.Lambda<ArgumentWriter<TArguments>>(body, arguments, index, value).Compile();
    }
}
