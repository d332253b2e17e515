import { Input } from '@tarojs/components';
import { inputProps } from './accessibility';
import './text-input.scss';

interface TextInputProps {
  id: string;
  /** The field's accessible name. */
  label: string;
  value: string;
  placeholder: string;
  maxLength: number;
  /** Replaces the standard look. */
  className?: string;
  password?: boolean;
  /** What the confirm key of the phone's keyboard says. */
  confirmType?: 'done' | 'search';
  /** HTML attributes for browsers, such as `autoComplete`. */
  browserProps?: Readonly<Record<string, string>>;
  onChange(text: string): void;
  /** The confirm key was pressed. */
  onSubmit?(): void;
}

/** A single-line text field. */
export function TextInput({
  id,
  label,
  value,
  placeholder,
  maxLength,
  className = 'text-input',
  password = false,
  confirmType = 'done',
  browserProps = {},
  onChange,
  onSubmit,
}: TextInputProps) {
  return (
    <Input
      id={id}
      className={className}
      {...inputProps(label, browserProps)}
      type="text"
      password={password}
      confirmType={confirmType}
      maxlength={maxLength}
      placeholder={placeholder}
      placeholderClass="input-placeholder"
      value={value}
      onInput={(event) => onChange(event.detail.value)}
      onConfirm={() => onSubmit?.()}
    />
  );
}
